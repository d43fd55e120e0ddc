/** Reads what `docker history --format json` and `docker image inspect` print, and the history in an image's configuration. Pure. */
import { parseObject } from './build-log';
import { type ImageSummary, isStepKeyword, type RecordedImage, type RecordedLayer, splitKeyword } from './recorded';

/** One entry of a history as every source has it. */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly size: number | null;
  readonly wasted: number | null;
}

/** The layers of a history; its entries come from the lowest up. What is no step and holds nothing is left out. */
export function toImage(entries: readonly HistoryEntry[]): RecordedImage {
  const layers = entries.flatMap(({ createdBy, size, wasted }): RecordedLayer[] => {
    const command = commandOf(createdBy);
    if (command && isStepKeyword(command.keyword)) return [{ ...command, size, wasted }];
    // A base image may be of anything: its bytes count, its text does not.
    return size === null || size === 0 ? [] : [{ keyword: '', text: createdBy, size, wasted }];
  });
  return { layers };
}

/** `RUN |1 A=b /bin/sh -c make # buildkit`, `/bin/sh -c #(nop) COPY file:… in /x`, `/bin/sh -c make`: the instruction behind. */
function commandOf(createdBy: string): { keyword: string; text: string } | null {
  const text = createdBy.replace(/\s*# buildkit\s*$/, '').trim();
  const metadata = /^(?:\|\d+ .*)?\S+(?: \S+)* #\(nop\)\s+([\s\S]*)$/.exec(text);
  if (metadata) return splitKeyword(metadata[1] ?? '');
  const split = splitKeyword(text);
  if (split && (isStepKeyword(split.keyword) || instructionWords.has(split.keyword))) return split;
  return text === '' ? null : { keyword: 'RUN', text };
}

const instructionWords = new Set(
  'ARG CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER VOLUME'.split(' '),
);

/** Reads `docker history --format json`: an object a line, the newest first; null where it is something else. */
export function readHistoryOutput(text: string): RecordedImage | null {
  const rows = rowsOf(text);
  if (rows.length === 0 || !rows.every((row) => typeof row.CreatedBy === 'string')) return null;
  // Without --no-trunc a text ends in an ellipsis; its beginning is still good for recognising it.
  const entries = rows.map((row): HistoryEntry => {
    const size = readSize(row.Size);
    return { createdBy: String(row.CreatedBy), size, wasted: null };
  });
  return toImage(entries.reverse());
}

function rowsOf(text: string): Record<string, unknown>[] {
  const whole = parseArray(text);
  if (whole) return whole;
  return text.split('\n').flatMap((line): Record<string, unknown>[] => {
    const row = parseObject(line);
    return row ? [row] : [];
  });
}

function parseArray(text: string): Record<string, unknown>[] | null {
  if (!/^\s*\[/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return null;
    const rows: unknown[] = value;
    return rows.flatMap((row) => (typeof row === 'object' && row !== null ? [row as Record<string, unknown>] : []));
  } catch {
    return null;
  }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `1.98MB`, `50kB`, `0B`, or bytes as a number; null where it is neither. */
export function readSize(value: unknown): number | null {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)\s*([kMGT]?)i?B?$/.exec(value.trim()) : null;
  return match ? Math.round(Number(match[1]) * (units[match[2] ?? ''] ?? 1)) : null;
}

/** Reads `docker image inspect`; null where it is something else. */
export function readInspectOutput(text: string): ImageSummary | null {
  const [image] = parseArray(text) ?? [];
  if (!image || typeof image.RootFS !== 'object' || image.RootFS === null) return null;
  const { Layers: layers } = image.RootFS as Record<string, unknown>;
  const config = (typeof image.Config === 'object' && image.Config !== null ? image.Config : {}) as Record<
    string,
    unknown
  >;
  const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return {
    size: typeof image.Size === 'number' ? image.Size : null,
    layers: Array.isArray(layers) ? layers.length : 0,
    command: Array.isArray(config.Cmd) ? config.Cmd.map(String) : null,
    user: textOf(config.User),
    workdir: textOf(config.WorkingDir),
  };
}
