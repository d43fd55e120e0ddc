/** Offsets to positions and back. Lines end as LSP has it: `\n`, `\r\n` or a lone `\r`. */
import type { LineIndex, Position } from './span';

/** Finds where the lines of a text start. Linear once; every question afterwards is a binary search. */
export function buildLineIndex(text: string): LineIndex {
  return new LineStarts(text.length, text.includes('\r') ? findStarts(text) : findNewlineStarts(text), text);
}

class LineStarts implements LineIndex {
  readonly #length: number;
  readonly #starts: readonly number[];
  /** Only the line ends are asked for, when a position is clamped. */
  readonly #text: string;

  constructor(length: number, starts: readonly number[], text: string) {
    this.#length = length;
    this.#starts = starts;
    this.#text = text;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  lineStart(line: number): number {
    if (line >= this.#starts.length) return this.#length;
    return this.#starts[Math.max(0, line)] ?? 0;
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const inside = Math.min(Math.max(0, offset), this.#length);
    const line = this.lineAt(inside);
    return { line, character: Math.min(inside, this.#contentEnd(line)) - this.lineStart(line) };
  }

  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.#length;
    const start = this.lineStart(position.line);
    return Math.max(start, Math.min(start + position.character, this.#contentEnd(position.line)));
  }

  /** Where the line's end of line begins. */
  #contentEnd(line: number): number {
    if (line + 1 >= this.#starts.length) return this.#length;
    const next = this.lineStart(line + 1);
    const isNewline = this.#text.charCodeAt(next - 1) === 10;
    return isNewline && this.#text.charCodeAt(next - 2) === 13 ? next - 2 : next - 1;
  }
}

function findNewlineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function findStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}
