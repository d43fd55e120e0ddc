/** Text that was meant as a JSON array of strings but is none: what is wrong with it, and how to put it right. */

export type ArrayProblemKind =
  | 'single-quotes'
  | 'curly-quotes'
  | 'bare-word'
  | 'missing-comma'
  | 'trailing-comma'
  | 'trailing-comment'
  | 'trailing-text'
  | 'unclosed'
  | 'unterminated'
  | 'escape';

export interface ArrayProblem {
  readonly kind: ArrayProblemKind;
  /** Offsets in the text that was read. */
  readonly start: number;
  readonly end: number;
}

/** A replacement in the text that was read. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export interface LooseArray {
  /** In order; empty for a valid array. */
  readonly problems: readonly ArrayProblem[];
  /** What makes it an array of strings; null where it cannot be known what was meant. */
  readonly edits: readonly TextEdit[] | null;
  /** Some element has quotes of whatever kind. */
  readonly hasQuotes: boolean;
  readonly hasCommas: boolean;
}

const closing: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '”': '”',
  '‘': '’',
  '’': '’',
  '„': '“',
};

/** Reads a text that starts with `[` as its author meant it; null where it does not look like an array at all. */
export function readLooseArray(text: string): LooseArray | null {
  const problems: ArrayProblem[] = [];
  const edits: TextEdit[] = [];
  let isRepairable = true;
  let hasQuotes = false;
  let hasCommas = false;
  let previous: 'quoted' | 'bare' | 'comma' | 'none' = 'none';
  let commaAt = 0;
  let at = 1;
  const blanks = (): void => {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
  };
  for (blanks(); at < text.length && text[at] !== ']'; blanks()) {
    if (text[at] === ',') {
      if (previous === 'none' || previous === 'comma') return null;
      hasCommas = true;
      previous = 'comma';
      commaAt = at++;
      continue;
    }
    const element = readElement(text, at);
    if (!element) return null;
    if (previous === 'quoted' || previous === 'bare') {
      // Blanks between bare words are what a command has.
      if (previous === 'bare' || !element.isQuoted) return null;
      problems.push({ kind: 'missing-comma', start: at, end: element.end });
      edits.push({ start: at, end: at, newText: /\s/.test(text.charAt(at - 1)) ? '' : ', ' });
      const edit = edits[edits.length - 1];
      if (edit && edit.newText === '') edits[edits.length - 1] = { ...edit, ...commaBefore(text, at) };
    }
    hasQuotes ||= element.isQuoted;
    if (element.problem) problems.push({ kind: element.problem, start: at, end: element.end });
    if (element.problem === 'unterminated') isRepairable = false;
    edits.push(...element.edits);
    previous = element.isQuoted ? 'quoted' : 'bare';
    at = element.end;
  }
  if (previous === 'comma') {
    problems.push({ kind: 'trailing-comma', start: commaAt, end: commaAt + 1 });
    edits.push({ start: commaAt, end: commaAt + 1, newText: '' });
  }
  if (previous === 'none') return null;
  if (at >= text.length) {
    if (isRepairable) problems.push({ kind: 'unclosed', start: 0, end: 1 });
    const end = text.trimEnd().length;
    edits.push({ start: end, end, newText: ']' });
  } else {
    const rest = text.slice(at + 1);
    const start = at + 1 + rest.length - rest.trimStart().length;
    if (rest.trim() !== '') {
      const isComment = text[start] === '#';
      problems.push({ kind: isComment ? 'trailing-comment' : 'trailing-text', start, end: text.trimEnd().length });
      if (isComment) edits.push({ start: at + 1, end: text.length, newText: '' });
      else isRepairable = false;
    }
  }
  return { problems, edits: isRepairable ? edits : null, hasQuotes, hasCommas };
}

/** The comma goes where the blanks before the element start. */
function commaBefore(text: string, at: number): TextEdit {
  const end = text.slice(0, at).trimEnd().length;
  return { start: end, end, newText: ',' };
}

interface Element {
  readonly end: number;
  readonly isQuoted: boolean;
  readonly problem: ArrayProblemKind | null;
  readonly edits: readonly TextEdit[];
}

function readElement(text: string, start: number): Element | null {
  const quote = text.charAt(start);
  const close = closing[quote];
  if (close === undefined) return readBareWord(text, start);
  let at = start + 1;
  while (at < text.length && text[at] !== close && !(quote !== '"' && quote !== "'" && text[at] === '"'))
    at += quote === '"' && text[at] === '\\' ? 2 : 1;
  if (at >= text.length) return { end: text.length, isQuoted: true, problem: 'unterminated', edits: [] };
  const inner = text.slice(start + 1, at);
  const end = at + 1;
  if (quote !== '"') {
    const newText = JSON.stringify(inner);
    const problem = quote === "'" ? 'single-quotes' : 'curly-quotes';
    return { end, isQuoted: true, problem, edits: [{ start, end, newText }] };
  }
  if (isJson(text.slice(start, end))) return { end, isQuoted: true, problem: null, edits: [] };
  const newText = `"${inner.replace(/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/g, '\\\\').replace(/\t/g, '\\t')}"`;
  return { end, isQuoted: true, problem: 'escape', edits: isJson(newText) ? [{ start, end, newText }] : [] };
}

function readBareWord(text: string, start: number): Element | null {
  const word = /^[^\s,[\]"'“”‘’]+/.exec(text.slice(start))?.[0];
  if (!word) return null;
  const end = start + word.length;
  return { end, isQuoted: false, problem: 'bare-word', edits: [{ start, end, newText: JSON.stringify(word) }] };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
