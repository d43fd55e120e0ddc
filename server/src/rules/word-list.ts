/** Lists of words in a command: their order, and rewriting them in another one with the layout and the comments kept. */
import type { ShellForm } from '../shell/script';
import type { Span } from '../syntax/span';
import { remove, replace } from './edits';
import type { Edit } from './rule';

/** By code units, so that the order depends on no locale: `LC_ALL=C sort`. */
export function comparePackages(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The parts of a list that are sorted by themselves: the whole list, or, where every word stands below a comment and some
 * comment has several below it, what is below each. A comment above a single package belongs to that package alone.
 */
export function groupsOf(text: string, places: readonly Span[]): readonly (readonly Span[])[] {
  const groups: Span[][] = [];
  places.forEach((place, index) => {
    const before = places[index - 1];
    const from = before ? before.end : text.lastIndexOf('\n', place.start - 1);
    const headed = before ? isHeaded(text.slice(from, place.start)) : isBelowComment(text, place.start);
    if (headed || groups.length === 0) groups.push([place]);
    else groups.at(-1)?.push(place);
  });
  const [first] = places;
  const areHeads = first !== undefined && isBelowComment(text, first.start) && groups.some((group) => group.length > 1);
  return areHeads && groups.length > 1 ? groups : [places];
}

/** A comment line or a blank line between two words. */
const isHeaded = (between: string): boolean => /\n[ \t]*(?:#|\r?\n)/.test(between);

function isBelowComment(text: string, start: number): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (!/^[ \t]*$/.test(text.slice(lineStart, start)) || lineStart === 0) return false;
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
  return /^[ \t]*#/.test(above);
}

/**
 * The edits that put the words in order and drop repeated ones. Lines stay as they are and the words change places; where
 * comments stand between the lines each goes with the word below it. Null where that cannot be told apart.
 */
export function arrangeWords(text: string, places: readonly Span[], form: ShellForm): readonly Edit[] | null {
  const words = places.map((place) => text.slice(place.start, place.end));
  const separators = places.slice(1).map((place, index) => text.slice(places[index]?.end ?? 0, place.start));
  if (separators.some((separator) => separator.includes('#')))
    return form === 'shell' ? arrangeLines(text, places) : null;
  const sorted = [...new Set(words)].sort(comparePackages);
  const edits: Edit[] = [];
  sorted.forEach((word, index) => {
    const place = places[index];
    if (place && words[index] !== word) edits.push(replace(place, word));
  });
  const lastKept = places[sorted.length - 1];
  const last = places.at(-1);
  if (lastKept && last && lastKept !== last) edits.push(remove({ start: lastKept.end, end: last.end }));
  return edits;
}

interface Line {
  readonly word: string;
  /** The comment lines above, each with its indentation and line break. */
  readonly comments: string;
}

/** One word a line: the lines are put in order, each with the comments above it. */
function arrangeLines(text: string, places: readonly Span[]): readonly Edit[] | null {
  const [first] = places;
  const last = places.at(-1);
  if (!first || !last) return null;
  const lines: Line[] = [];
  const separators: string[] = [];
  for (const [index, place] of places.entries()) {
    const before = places[index - 1];
    const word = text.slice(place.start, place.end);
    if (!before) {
      lines.push({ word, comments: commentsAbove(text, place.start) });
      continue;
    }
    const parts = /^([ \t]*[\\`][ \t]*\r?\n)((?:[ \t]*#[^\n]*\n)*)([ \t]*)$/.exec(text.slice(before.end, place.start));
    if (!parts) return null;
    separators.push((parts[1] ?? '') + (parts[3] ?? ''));
    lines.push({ word, comments: parts[2] ?? '' });
  }
  const isOwnLine = /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', first.start - 1) + 1, first.start));
  const merged = mergeRepeated(lines).sort((a, b) => comparePackages(a.word, b.word));
  // A comment cannot stand in front of a word that follows others on its line.
  if (!isOwnLine && merged[0]?.comments) return null;
  const head = isOwnLine ? lineWithComments(text, first.start) : first.start;
  let result = '';
  merged.forEach((line, index) => {
    const separator = index === 0 ? (isOwnLine ? indentBefore(text, first.start) : '') : (separators[index - 1] ?? '');
    const breakEnd = separator.lastIndexOf('\n') + 1;
    result += separator.slice(0, breakEnd) + line.comments + separator.slice(breakEnd) + line.word;
  });
  return [replace({ start: head, end: last.end }, result)];
}

function mergeRepeated(lines: readonly Line[]): Line[] {
  const merged = new Map<string, Line>();
  for (const line of lines) {
    const known = merged.get(line.word);
    merged.set(line.word, known ? { word: line.word, comments: known.comments + line.comments } : line);
  }
  return [...merged.values()];
}

const indentBefore = (text: string, start: number): string => text.slice(text.lastIndexOf('\n', start - 1) + 1, start);

function commentsAbove(text: string, start: number): string {
  return text.slice(lineWithComments(text, start), text.lastIndexOf('\n', start - 1) + 1);
}

/** Where the comment lines directly above a line begin; the line's own start where there are none, or where it holds more. */
function lineWithComments(text: string, start: number): number {
  let at = text.lastIndexOf('\n', start - 1) + 1;
  if (!/^[ \t]*$/.test(text.slice(at, start))) return at;
  while (at > 0) {
    const above = text.lastIndexOf('\n', at - 2) + 1;
    if (!/^[ \t]*#/.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}
