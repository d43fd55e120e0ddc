/** Places for squiggles: a finding stands within one line. */
import type { Span } from '../syntax/span';
import type { Dockerfile, Instruction } from '../syntax/tree';

/** The part of a span that lies on its first line, trailing blanks and the escape character of a continuation left out. */
export function onOneLine(file: Dockerfile, span: Span): Span {
  const text = file.text.slice(span.start, span.end);
  const end = text.search(/\r|\n/);
  if (end < 0) return span;
  const line = text.slice(0, end);
  const kept = line.replace(file.escape === '`' ? /[ \t]*`?[ \t]*$/ : /[ \t]*\\?[ \t]*$/, '');
  return { start: span.start, end: span.start + Math.max(1, kept.length) };
}

/** A keyword as the author wrote it. */
export function writtenKeyword(instruction: Instruction): string {
  const { raw, keywordSpan } = instruction.body;
  return raw.slice(keywordSpan.from, keywordSpan.to);
}

/** A text for a message: on one line and not longer than a reader wants to read. */
export function quotable(text: string, limit = 60): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
