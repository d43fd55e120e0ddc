/** What logs and images tell of a build, before it is known which instruction each part is of. */

/** A step of a build log. */
export interface RecordedStep {
  /** The words before its number in `[linux/amd64 build 2/5]`: platform, service, stage, as far as there are any. */
  readonly names: readonly string[];
  /** Its number among the steps of its stage, from 1; logs of parallel stages are in no order. */
  readonly number: number;
  /** Upper-case. */
  readonly keyword: string;
  /** What follows the keyword, variables filled in as far as BuildKit does. */
  readonly text: string;
  /** Null where it was taken from the cache, or never ended. */
  readonly seconds: number | null;
}

/** An entry of an image's history. */
export interface RecordedLayer {
  readonly keyword: string;
  readonly text: string;
  readonly size: number | null;
  /** Bytes that later layers delete or replace; null where only the history was read. */
  readonly wasted: number | null;
}

/** An image: its layers from the lowest up, those of the base included, entries without a layer left out. */
export interface RecordedImage {
  readonly layers: readonly RecordedLayer[];
}

/** What a text or a file is, or a localized sentence on why nothing can be made of it. */
export type Recording =
  | { readonly kind: 'log'; readonly steps: readonly RecordedStep[] }
  | { readonly kind: 'image'; readonly image: RecordedImage }
  | { readonly kind: 'summary'; readonly summary: ImageSummary }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What `docker image inspect` tells: nothing of single layers. */
export interface ImageSummary {
  /** Bytes of all layers. */
  readonly size: number | null;
  readonly layers: number;
  readonly command: readonly string[] | null;
  readonly user: string | null;
  readonly workdir: string | null;
}

/** The instructions that take time or make layers. */
const stepKeywords = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

export const isStepKeyword = (keyword: string): boolean => stepKeywords.has(keyword);

/** Splits `RUN make all` into its keyword and the rest; null where it does not begin with a word in capitals. */
export function splitKeyword(text: string): { keyword: string; text: string } | null {
  const match = /^(?:ONBUILD )?([A-Z]+)(?:\s+([\s\S]*))?$/.exec(text.trim());
  return match ? { keyword: match[1] ?? '', text: match[2] ?? '' } : null;
}
