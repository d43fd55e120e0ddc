/** The `--name=value` words between a keyword and its arguments. */
import { isSpace, trimSpaceEnd } from './characters';

/** A flag, with offsets into the text that was handed in. */
export interface TextFlag {
  readonly name: string;
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
  readonly nameEnd: number;
  /** Behind the `=`; -1 without one. */
  readonly valueStart: number;
}

/** The flags of a text and where its arguments start. */
export interface ParsedFlags {
  readonly flags: readonly TextFlag[];
  /** Behind the flags, or behind a lone `--`. */
  readonly rest: number;
}

/**
 * Reads flags from `start` of a logical line until a word that does not begin with `--`. Quotes and escapes keep white
 * space inside a flag, but not at the end of the line, and are removed from its value; a lone `--` ends the flags.
 */
export function parseFlags(line: string, start: number, escapeChar: string): ParsedFlags {
  const text = line.slice(0, trimSpaceEnd(line, start, line.length));
  const flags: TextFlag[] = [];
  let at = start;
  for (;;) {
    while (at < text.length && isAsciiSpace(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== DASH || text.charCodeAt(at + 1) !== DASH) return { flags, rest: at };
    const word = readFlagWord(text, at, escapeChar);
    at = word.end;
    if (word.value === '--') return { flags, rest: at };
    flags.push(splitFlag(word));
  }
}

/** BuildKit reads flags byte by byte: before one, white space beyond ASCII is none. */
function isAsciiSpace(code: number): boolean {
  return code < 0x80 && isSpace(code);
}

interface FlagWord {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Where the first `=` is written; -1 without one. */
  readonly equals: number;
}

function readFlagWord(text: string, start: number, escapeChar: string): FlagWord {
  const escapeCode = escapeChar.charCodeAt(0);
  let value = '';
  let quote = 0;
  let equals = -1;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote === 0 && isSpace(code)) break;
    if (quote === 0 && (code === SINGLE_QUOTE || code === DOUBLE_QUOTE)) {
      quote = code;
      continue;
    }
    if (code === quote) {
      quote = 0;
      continue;
    }
    if (code === escapeCode) {
      // An escape character that ends the text is dropped.
      if (at + 1 === text.length) continue;
      at++;
    }
    if (equals === -1 && text.charCodeAt(at) === EQUALS) equals = at;
    value += text[at];
  }
  return { value, start, end: at, equals };
}

function splitFlag(word: FlagWord): TextFlag {
  const { value, start, end, equals } = word;
  if (equals === -1) return { name: value.slice(2), value: null, start, end, nameEnd: end, valueStart: -1 };
  const cut = value.indexOf('=');
  return {
    name: value.slice(2, cut),
    value: value.slice(cut + 1),
    start,
    end,
    nameEnd: equals,
    valueStart: equals + 1,
  };
}

const DASH = 0x2d;
const EQUALS = 0x3d;
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
