/** Places for squiggles: a finding stands within one line. */
import * as l10n from '@vscode/l10n';
import type { LocalSpan, Span } from '../syntax/span';
import type { Dockerfile, Instruction } from '../syntax/tree';
import type { Finding } from './rule';

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

/**
 * Where Docker reports a finding about a part of an instruction: on its first line. What stands further down is shown as
 * the related place, and the keyword is marked.
 */
export function onFirstLine(
  file: Dockerfile,
  instruction: Instruction,
  local: LocalSpan,
): Pick<Finding, 'at' | 'related'> {
  const at = onOneLine(file, instruction.at(local));
  if (file.lines.lineAt(at.start) === instruction.line) return { at };
  const keyword = instruction.at(instruction.body.keywordSpan);
  // An instruction may begin with the sign that continues it, alone on its line.
  const { start } = instruction.span;
  const isKeywordFirst = file.lines.lineAt(keyword.start) === instruction.line;
  return { at: isKeywordFirst ? keyword : { start, end: start + 1 }, related: [{ at, message: l10n.t('Here.') }] };
}
