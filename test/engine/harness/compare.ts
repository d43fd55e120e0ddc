/** Tells in what two images differ, and whether that is only what was declared. */
import { isDeepStrictEqual } from 'node:util';
import type { ImageFile } from './flatten';
import type { Image } from './image';

/** What a fix may change in an image. Everything else has to stay the same. */
export interface Changes {
  /** Paths that may appear, vanish or change: `*` stands for any part of a name, `**` for any part of a path. */
  readonly files?: readonly string[];
  /** Keys of the configuration that may differ: `Cmd`, or one entry of a map such as `Env.PATH`. */
  readonly config?: readonly string[];
}

export interface Difference {
  /** A path, or a key of the configuration with its entry, such as `Env.PATH`. */
  readonly at: string;
  readonly kind: 'file' | 'config';
  /** What differs in it: `mode`, `content`, …; `presence` where one image does not have it. */
  readonly what: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Comparison {
  /** Differences that were declared. */
  readonly declared: readonly Difference[];
  /** Differences that should not be. */
  readonly undeclared: readonly Difference[];
}

/** Compares two images. */
export function compareImages(before: Image, after: Image, changes: Changes = {}): Comparison {
  const filePatterns = (changes.files ?? []).map(toRegExp);
  const configPatterns = (changes.config ?? []).map(toRegExp);
  const declared: Difference[] = [];
  const undeclared: Difference[] = [];
  for (const difference of [...diffFiles(before, after), ...diffConfig(before, after)]) {
    const patterns = difference.kind === 'file' ? filePatterns : configPatterns;
    const names = difference.kind === 'file' ? [difference.at] : [difference.at, difference.at.replace(/\..*/, '')];
    const isDeclared = patterns.some((pattern) => names.some((name) => pattern.test(name)));
    (isDeclared ? declared : undeclared).push(difference);
  }
  return { declared, undeclared };
}

/** The differences as lines for a person to read, at most so many. */
export function formatDifferences(differences: readonly Difference[], limit = 40): string {
  const lines = differences.slice(0, limit).map(({ at, kind, what, before, after }) => {
    if (what !== 'presence') return `  ~ ${kind} ${at}: ${what} ${formatValue(before)} → ${formatValue(after)}`;
    const here = before === undefined ? after : before;
    return `  ${before === undefined ? '+' : '-'} ${kind} ${at}: ${formatValue(here)}`;
  });
  if (differences.length > limit) lines.push(`  … and ${differences.length - limit} more`);
  return lines.join('\n');
}

const fileFields = ['type', 'mode', 'uid', 'gid', 'size', 'content', 'link', 'device', 'xattrs'] as const;

function diffFiles(before: Image, after: Image): Difference[] {
  const differences: Difference[] = [];
  for (const path of [...new Set([...before.files.keys(), ...after.files.keys()])].sort()) {
    const [old, now] = [before.files.get(path), after.files.get(path)];
    if (!old || !now) differences.push({ at: path, kind: 'file', what: 'presence', before: old, after: now });
    // Most files of both images come from the same layer, and are the same object.
    else if (old !== now)
      for (const what of fileFields)
        if (old[what] !== now[what])
          differences.push({
            at: path,
            kind: 'file',
            what,
            before: formatField(what, old),
            after: formatField(what, now),
          });
  }
  return differences;
}

function diffConfig(before: Image, after: Image): Difference[] {
  const differences: Difference[] = [];
  const [old, now] = [flattenConfig(before), flattenConfig(after)];
  for (const at of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    if (isDeepStrictEqual(old.get(at), now.get(at))) continue;
    const what = old.has(at) && now.has(at) ? 'value' : 'presence';
    differences.push({ at, kind: 'config', what, before: old.get(at), after: now.get(at) });
  }
  return differences;
}

/** The configuration with the entries of its maps as keys of their own. */
function flattenConfig(image: Image): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  for (const [key, value] of Object.entries(image.config)) {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value) && key !== 'Healthcheck';
    if (!isMap) flat.set(key, value);
    else for (const [name, entry] of Object.entries(value)) flat.set(`${key}.${name}`, entry);
  }
  return flat;
}

function formatField(what: (typeof fileFields)[number], file: ImageFile): unknown {
  return what === 'mode' ? file.mode.toString(8) : file[what];
}

function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'mode' in value && typeof value.mode === 'number')
    return JSON.stringify({ ...value, mode: value.mode.toString(8) }, (_, part) => (part === '' ? undefined : part));
  return JSON.stringify(value) ?? 'nothing';
}

function toRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\*|[.+?^${}()|[\]\\]/g, (part) =>
    part === '**' ? '.*' : part === '*' ? '[^/]*' : `\\${part}`,
  );
  return new RegExp(`^${source}$`);
}
