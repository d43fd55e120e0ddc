/** The strings of an exec form with the place of each character, escapes included. */
import type { MappedText } from './maps';

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** The strings of a JSON array of strings; null where the text is none. Places count in `text`. */
export function readStrings(text: string): readonly MappedText[] | null {
  const strings: MappedText[] = [];
  let at = skipBlanks(text, 0);
  if (text[at] !== '[') return null;
  at = skipBlanks(text, at + 1);
  while (at < text.length && text[at] !== ']') {
    if (text[at] !== '"') return null;
    const end = readString(text, at + 1, strings);
    if (end === null) return null;
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (text[at] !== ']') return null;
  }
  return text[at] === ']' ? strings : null;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (/[ \t\r\n]/.test(text.charAt(at))) at++;
  return at;
}

/** Reads up to the closing quote and gives the offset behind it. */
function readString(text: string, from: number, into: MappedText[]): number | null {
  const starts: number[] = [];
  const ends: number[] = [];
  let result = '';
  let at = from;
  while (at < text.length && text[at] !== '"') {
    const length = text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
    const character = length === 1 ? text.charAt(at) : decodeEscape(text.slice(at, at + length));
    if (character === null) return null;
    starts.push(at);
    ends.push(at + length);
    result += character;
    at += length;
  }
  if (at >= text.length) return null;
  starts.push(at);
  into.push({ text: result, starts, ends });
  return at + 1;
}

function decodeEscape(text: string): string | null {
  if (text[1] !== 'u') return escapes[text.charAt(1)] ?? null;
  return /^\\u[0-9a-fA-F]{4}$/.test(text) ? String.fromCharCode(Number.parseInt(text.slice(2), 16)) : null;
}
