/** What cache keys are made from beside the Dockerfile, and how keys are written down. */
import type { BuildContext } from '../context/context';

/** What a build gets besides its Dockerfile. */
export interface CacheInputs {
  /** Values of `--build-arg`. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** The files that COPY and ADD take from; null where they are not known. */
  readonly context: BuildContext | null;
  /** Content and mode of a file or folder (not of what is in it), equal for equal ones; undefined where nobody looked. */
  fileIdentity(path: string): string | undefined;
  /** The identity of an image, where the name alone does not say it. */
  image?(name: string): string;
}

/** A key, twice: `full` holds all that it may depend on, `sure` leaves out what may turn out the same all the same. */
export interface StepKey {
  readonly full: string;
  readonly sure: string;
}

export type KeyPart = string | StepKey;

/** Writes keys as short words, the same ones for the same parts. Keys of one keyring can be compared. */
export interface Keyring {
  key(parts: readonly KeyPart[]): StepKey;
  /** A part that may be different and yet make no difference, such as the output of a command that ran again. */
  unsure(part: KeyPart): StepKey;
}

/** A keyring without keys. */
export function createKeyring(): Keyring {
  const words = new Map<string, string>();
  const wordFor = (parts: readonly string[]): string => {
    const text = JSON.stringify(parts);
    const known = words.get(text) ?? `#${words.size}`;
    words.set(text, known);
    return known;
  };
  return {
    key: (parts) => ({
      full: wordFor(parts.map((part) => (typeof part === 'string' ? part : part.full))),
      sure: wordFor(parts.map((part) => (typeof part === 'string' ? part : part.sure))),
    }),
    unsure: (part) => ({ full: typeof part === 'string' ? part : part.full, sure: '?' }),
  };
}

/** What becomes of a step in a build. */
export type CacheOutcome = 'hit' | 'miss' | 'depends';

/** What earlier builds left in the cache. */
export interface BuiltKeys {
  readonly full: Set<string>;
  readonly sure: Set<string>;
}

/** A cache in which nothing is. */
export const noBuiltKeys = (): BuiltKeys => ({ full: new Set(), sure: new Set() });

/** Puts the keys of a finished build into a cache. */
export function rememberKeys(built: BuiltKeys, keys: Iterable<StepKey>): void {
  for (const key of keys) {
    built.full.add(key.full);
    built.sure.add(key.sure);
  }
}

/** Whether a step is taken from a cache. */
export function outcomeOf(key: StepKey, built: BuiltKeys): CacheOutcome {
  if (built.full.has(key.full)) return 'hit';
  return built.sure.has(key.sure) ? 'depends' : 'miss';
}
