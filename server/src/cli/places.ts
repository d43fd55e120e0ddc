/** Offsets of a text as lines and columns that count from 1, columns in UTF-16 units, the end exclusive. */
import type { LineIndex, Span } from '../syntax/span';

export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The place of a span. */
export function placeOf(lines: LineIndex, span: Span): Place {
  const start = lines.positionAt(span.start);
  const end = lines.positionAt(span.end);
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}
