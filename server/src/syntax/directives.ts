/** Parser directives: the `# name=value` comments at the very top that BuildKit obeys. */
import { firstNonSpace, physicalLine } from './join';
import type { Span } from './span';
import type { Directive, Problem } from './tree';

/** What stands at the top of a file, and where instructions can start. */
export interface DirectiveBlock {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  /** Duplicate directives and invalid escapes; spans count from the start of the file. */
  readonly problems: readonly Problem[];
  /** Behind the last directive's line, and behind a byte order mark. */
  readonly end: number;
}

/**
 * Reads directives from the first line on until a line that is none: an ordinary comment, an unknown name, a blank line
 * or an instruction ends them.
 */
export function parseDirectives(text: string): DirectiveBlock {
  const directives: Directive[] = [];
  const problems: Problem[] = [];
  let escapeChar: '\\' | '`' = '\\';
  let from = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  for (let line = 0; from < text.length; line++) {
    const { end, next } = physicalLine(text, from);
    const directive = readDirective(text, from, end, line);
    if (!directive) break;
    from = next;
    const { name, value, span, valueSpan } = directive;
    if (directives.some((other) => other.name === name)) {
      problems.push({ code: 'duplicate-directive', span: local(span), detail: name });
      continue;
    }
    directives.push(directive);
    if (name !== 'escape') continue;
    if (value === '`' || value === '\\') escapeChar = value;
    else problems.push({ code: 'invalid-escape', span: local(valueSpan), detail: value });
  }
  return { directives, escape: escapeChar, problems, end: from };
}

function readDirective(text: string, from: number, end: number, line: number): Directive | null {
  const start = firstNonSpace(text, from, end);
  if (text.charCodeAt(start) !== HASH) return null;
  const nameStart = firstNonSpace(text, start + 1, end);
  let at = nameStart;
  while (at < end && /[A-Za-z0-9]/.test(text[at] ?? '')) at++;
  const name = text.slice(nameStart, at).toLowerCase();
  if (name !== 'escape' && name !== 'syntax' && name !== 'check') return null;
  at = skipDirectiveBlanks(text, at, end);
  if (text[at] !== '=') return null;
  let valueStart = skipDirectiveBlanks(text, at + 1, end);
  let valueEnd = end;
  while (valueEnd > valueStart && isDirectiveBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
  if (valueStart === valueEnd) {
    // A value of blanks alone: BuildKit's pattern needs one character and gives it the last blank.
    if (valueStart === at + 1) return null;
    valueStart = end - 1;
    valueEnd = end;
  }
  const value = text.slice(valueStart, valueEnd);
  return { name, value, span: { start, end }, valueSpan: { start: valueStart, end: valueEnd }, line };
}

function skipDirectiveBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && isDirectiveBlank(text.charCodeAt(at))) at++;
  return at;
}

/** `\s` of Go's regular expressions. */
function isDirectiveBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 12 || code === 13;
}

function local(span: Span): { from: number; to: number } {
  return { from: span.start, to: span.end };
}

const HASH = 35;
const BYTE_ORDER_MARK = 0xfeff;
