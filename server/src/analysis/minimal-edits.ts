/** The difference of two texts as small edits, so that cursors, folds and breakpoints in an editor stay where they are. */
import type { Edit } from '../rules/rule';

/** Edits (non-overlapping, ascending) that turn `before` into `after`: whole runs of lines that differ, trimmed to what differs in them. */
export function minimalEdits(before: string, after: string): Edit[] {
  const a = splitLines(before);
  const b = splitLines(after);
  const edits: Edit[] = [];
  let offset = 0;
  let i = 0;
  let j = 0;
  for (const [equalA, equalB] of [...equalLines(a, b), [a.length, b.length] as const]) {
    const removed = a.slice(i, equalA).join('');
    const added = b.slice(j, equalB).join('');
    if (removed !== added) edits.push(trimEdit(offset, removed, added));
    offset += removed.length + (a[equalA]?.length ?? 0);
    i = equalA + 1;
    j = equalB + 1;
  }
  return edits;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Above this many cells of the table only common first and last lines are looked for. */
const maximumCells = 4_000_000;

/** Index pairs of a longest common subsequence of lines, ascending. */
function equalLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) pairs.push([start, start++]);
  let tail = 0;
  while (tail < a.length - start && tail < b.length - start && a[a.length - 1 - tail] === b[b.length - 1 - tail])
    tail++;
  const rows = a.length - start - tail;
  const columns = b.length - start - tail;
  if (rows * columns <= maximumCells) pairs.push(...longestCommon(a, b, start, rows, columns));
  for (let index = tail; index > 0; index--) pairs.push([a.length - index, b.length - index]);
  return pairs;
}

function longestCommon(
  a: readonly string[],
  b: readonly string[],
  start: number,
  rows: number,
  columns: number,
): (readonly [number, number])[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[start + i] === b[start + j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < rows && j < columns) {
    if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}

/** Cuts what both sides begin and end with. */
function trimEdit(offset: number, removed: string, added: string): Edit {
  const shorter = Math.min(removed.length, added.length);
  let start = 0;
  while (start < shorter && removed[start] === added[start]) start++;
  let end = 0;
  while (end < shorter - start && removed.at(-1 - end) === added.at(-1 - end)) end++;
  return {
    span: { start: offset + start, end: offset + removed.length - end },
    newText: added.slice(start, added.length - end),
  };
}
