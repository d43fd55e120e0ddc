/**
 * BuildKit's rule for what one instruction is: lines that end in the escape character go on in the next line, comment
 * lines and blank lines in between are dropped, and only the first line loses its indentation.
 */
import { isBlank, isSpace } from './characters';
import type { LocalSpan, SourceMap } from './span';

/** The extent of one logical line; `end` is where the end of its last line begins, `next` where the following line starts. */
export interface LogicalExtent {
  readonly end: number;
  readonly next: number;
  /** The text ended while the line still went on. */
  readonly open: boolean;
}

/** A logical line in one piece, with the way back. */
export interface JoinedLine {
  readonly text: string;
  readonly map: SourceMap;
  readonly innerComments: readonly LocalSpan[];
  readonly emptyContinuations: readonly LocalSpan[];
  readonly extent: LogicalExtent;
}

/** Finds where the logical line that starts at `start` ends. `start` must not lie in a comment or a blank line. */
export function scanLogicalLine(text: string, start: number, escapeChar: string): LogicalExtent {
  let line = physicalLine(text, start);
  if (continuationAt(text, start, line.end, escapeChar) === -1) return { ...line, open: false };
  while (line.next < text.length) {
    const from = line.next;
    line = physicalLine(text, from);
    const first = firstNonSpace(text, from, line.end);
    if (first === line.end || text.charCodeAt(first) === HASH) continue;
    if (continuationAt(text, from, line.end, escapeChar) === -1) return { ...line, open: false };
  }
  return { ...line, open: true };
}

/** Joins the logical line at the start of `raw`, an instruction's text from its keyword on. */
export function joinLines(raw: string, escapeChar: string): JoinedLine {
  let line = physicalLine(raw, 0);
  let mark = continuationAt(raw, 0, line.end, escapeChar);
  if (mark === -1) {
    return {
      text: line.end === raw.length ? raw : raw.slice(0, line.end),
      map: IDENTITY,
      innerComments: [],
      emptyContinuations: [],
      extent: { ...line, open: false },
    };
  }
  let text = raw.slice(0, mark);
  const joinedStarts = [0];
  const rawStarts = [0];
  const innerComments: LocalSpan[] = [];
  const emptyContinuations: LocalSpan[] = [];
  let open = true;
  let from = line.next;
  // Where the text ends in a newline, an empty line follows: the end of the last line is not part of an instruction.
  while (open && from <= raw.length && raw.charCodeAt(from - 1) === NEWLINE) {
    line = physicalLine(raw, from);
    const first = firstNonSpace(raw, from, line.end);
    if (first === line.end) {
      emptyContinuations.push({ from, to: line.end });
    } else if (raw.charCodeAt(first) === HASH) {
      innerComments.push({ from: first, to: line.end });
    } else {
      mark = continuationAt(raw, from, line.end, escapeChar);
      open = mark !== -1;
      joinedStarts.push(text.length);
      rawStarts.push(from);
      text += raw.slice(from, open ? mark : line.end);
    }
    from = line.next > from ? line.next : raw.length + 1;
  }
  const map = new PiecewiseMap(joinedStarts, rawStarts, text.length);
  return { text, map, innerComments, emptyContinuations, extent: { ...line, open } };
}

/** The part of a map from `start` of its derived text on. */
export function mapFrom(map: SourceMap, start: number): SourceMap {
  return start === 0 ? map : new OffsetMap(map, start);
}

/** A map for a text made of the pieces `text[sourceStart…]`, each going into the derived text at `derivedStart`. */
export function mapPieces(
  derivedStarts: readonly number[],
  sourceStarts: readonly number[],
  length: number,
): SourceMap {
  return new PiecewiseMap(derivedStarts, sourceStarts, length);
}

/** The line at `from`: its content's end without any `\r` before the `\n`, and where the next line starts. */
export function physicalLine(text: string, from: number): { end: number; next: number } {
  const newline = text.indexOf('\n', from);
  const next = newline === -1 ? text.length : newline + 1;
  let end = newline === -1 ? text.length : newline;
  while (end > from && text.charCodeAt(end - 1) === 13) end--;
  return { end, next };
}

/**
 * Where the escape character stands that continues the line `[from, end)`; -1 when there is none. It must be the last
 * character but blanks and must not follow another escape character: `\\` at the end of a line is no continuation.
 */
export function continuationAt(text: string, from: number, end: number, escapeChar: string): number {
  let at = end - 1;
  while (at >= from && isBlank(text.charCodeAt(at))) at--;
  if (at < from || text[at] !== escapeChar) return -1;
  return at === from || text[at - 1] !== escapeChar ? at : -1;
}

/** The first character in `[from, end)` that is no white space; `end` when there is none. */
export function firstNonSpace(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  return at;
}

const HASH = 35;
const NEWLINE = 10;

class IdentityMap implements SourceMap {
  local(offset: number): number {
    return offset;
  }

  span(start: number, end: number): LocalSpan {
    return { from: start, to: end };
  }
}

const IDENTITY: SourceMap = new IdentityMap();

class OffsetMap implements SourceMap {
  readonly #map: SourceMap;
  readonly #start: number;

  constructor(map: SourceMap, start: number) {
    this.#map = map;
    this.#start = start;
  }

  local(offset: number): number {
    return this.#map.local(offset + this.#start);
  }

  span(start: number, end: number): LocalSpan {
    return this.#map.span(start + this.#start, end + this.#start);
  }
}

class PiecewiseMap implements SourceMap {
  readonly #derivedStarts: readonly number[];
  readonly #sourceStarts: readonly number[];
  readonly #length: number;

  constructor(derivedStarts: readonly number[], sourceStarts: readonly number[], length: number) {
    this.#derivedStarts = derivedStarts;
    this.#sourceStarts = sourceStarts;
    this.#length = length;
  }

  local(offset: number): number {
    if (offset >= this.#length)
      return this.#length === 0 ? (this.#sourceStarts[0] ?? 0) : this.local(this.#length - 1) + 1;
    let low = 0;
    let high = this.#derivedStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      // Pieces may be empty: of several that start here the last one holds the character.
      if ((this.#derivedStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return (this.#sourceStarts[low] ?? 0) + Math.max(0, offset) - (this.#derivedStarts[low] ?? 0);
  }

  span(start: number, end: number): LocalSpan {
    const from = this.local(start);
    return { from, to: end > start ? this.local(end - 1) + 1 : from };
  }
}
