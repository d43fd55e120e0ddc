/** Small edits that rules are made of. All take document spans and keep what the author wrote around them. */
import type { Span } from '../syntax/span';
import type { Dockerfile, Instruction } from '../syntax/tree';
import type { Edit } from './rule';

/** Replaces a span. */
export const replace = (span: Span, newText: string): Edit => ({ span, newText });

/** Inserts at an offset. */
export const insert = (offset: number, newText: string): Edit => ({ span: { start: offset, end: offset }, newText });

/** Removes a span. */
export const remove = (span: Span): Edit => ({ span, newText: '' });

/** The whole lines that an instruction takes, its last end of line included; comments above are not. */
export function linesOf(dockerfile: Dockerfile, instruction: Instruction): Span {
  const start = dockerfile.lines.lineStart(instruction.line);
  const next = instruction.endLine + 1;
  const end = next < dockerfile.lines.lineCount ? dockerfile.lines.lineStart(next) : dockerfile.text.length;
  return { start: instruction.index === 0 ? instruction.span.start : start, end };
}

/**
 * Removes an instruction with its lines. Where it is the last line of a file without a newline at its end, the newline
 * before it goes instead, so that the file still ends as it did.
 */
export function removeInstruction(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const lines = withOneBlankLine(dockerfile, linesOf(dockerfile, instruction));
  const { text } = dockerfile;
  if (lines.end < text.length || text.endsWith('\n') || lines.start === 0) return remove(lines);
  let start = lines.start;
  if (text[start - 1] === '\n') start -= text[start - 2] === '\r' ? 2 : 1;
  return remove({ start, end: lines.end });
}

/** Where blank lines stand before and behind what goes, one of them goes along. */
function withOneBlankLine({ text, lines }: Dockerfile, span: Span): Span {
  const before = text.slice(0, span.start);
  const blank = /^[ \t]*(?:\r?\n)/.exec(text.slice(span.end, span.end + 200));
  if (!blank || !/(?:^|\n)[ \t]*\r?\n$/.test(before.slice(-200)) || lines.lineAt(span.start) === 0) return span;
  return { start: span.start, end: span.end + blank[0].length };
}

/** The blanks before an instruction on its line. */
export function indentOf(dockerfile: Dockerfile, instruction: Instruction): string {
  const before = dockerfile.text.slice(dockerfile.lines.lineStart(instruction.line), instruction.span.start);
  return /[ \t]*$/.exec(before)?.[0] ?? '';
}

/** The keyword in the case the author uses: lower-case where the given instruction's keyword is. */
export function keywordLike(instruction: Instruction, keyword: string): string {
  const { raw, keywordSpan } = instruction.body;
  const written = raw.slice(keywordSpan.from, keywordSpan.to);
  return written === written.toLowerCase() ? keyword.toLowerCase() : keyword;
}

/** The blanks at the start of the continuation lines of an instruction; four blanks where it has none. */
export function continuationIndent(instruction: Instruction): string {
  const lines = instruction.body.raw.split('\n').slice(1);
  for (const line of lines) {
    const match = /^([ \t]*)[^\s#]/.exec(line);
    if (match) return match[1] ?? '';
  }
  return '    ';
}

/** Whether two edits would touch each other: they overlap, or both insert at one place. */
export function editsTouch(a: Span, b: Span): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}
