/**
 * Places in a text. Everything is counted in UTF-16 code units from 0, as in LSP, and ends are exclusive.
 *
 * Two coordinate systems exist, with field names that do not fit each other, so that the compiler finds a mix-up:
 * `Span` counts from the start of the document, `LocalSpan` from the first character of an instruction. Instructions
 * are kept between versions of a document, which only works because nothing in them knows where the document puts them.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place inside one instruction: offsets from the first character of its keyword. */
export interface LocalSpan {
  readonly from: number;
  readonly to: number;
}

/** A place as LSP has it: 0-based line, 0-based UTF-16 column. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where the lines of a text start; turns offsets into positions and back. */
export interface LineIndex {
  /** Number of lines; a text that ends in a newline has an empty last line. */
  readonly lineCount: number;
  /** The offset of the first character of a line (0-based, clamped). */
  lineStart(line: number): number;
  /** The line (0-based) that holds an offset. */
  lineAt(offset: number): number;
  /** The position of an offset. */
  positionAt(offset: number): Position;
  /** The offset of a position, clamped to its line's content. */
  offsetAt(position: Position): number;
}

/** Maps offsets of a derived text (continuations joined, tabs chomped) to offsets in its instruction. */
export interface SourceMap {
  /** The local offset of the character at `offset` of the derived text; its length maps behind the last character. */
  local(offset: number): number;
  /** The local span of a half-open range of the derived text; its end is that of the last character inside. */
  span(start: number, end: number): LocalSpan;
}
