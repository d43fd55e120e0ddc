/** Where a text refers to variables: every `$X` and `${X…}`, nested ones included, with offsets into the text. */
import { isDigit, isNameCharacter, isSpace } from './characters';

/** What `${X…}` does with the variable; null for `$X` and `${X}`. */
export type ReferenceModifier = ':-' | '-' | ':+' | '+' | ':?' | '?' | '#' | '##' | '%' | '%%' | '/' | '//';

/** A reference to a variable. All offsets count in the text that was searched. */
export interface VariableReference {
  readonly name: string;
  /** From `$` to the end of the name, or behind the closing brace. */
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly braced: boolean;
  readonly modifier: ReferenceModifier | null;
  /** The default, alternative, message or pattern behind the modifier; up to the closing brace. Null without one. */
  readonly word: { readonly start: number; readonly end: number } | null;
  /** Stands in the word of another reference. */
  readonly nested: boolean;
}

/** What is quoted where the text stands. */
export interface ReferenceOptions {
  /** Quotes are ordinary characters, as in the body of a heredoc. */
  readonly ignoreQuotes?: boolean;
}

/** Finds references in source order, an outer one before those inside it. Broken ones are left out. */
export function variableReferences(
  text: string,
  escapeChar = '\\',
  options: ReferenceOptions = {},
): VariableReference[] {
  if (!text.includes('$')) return [];
  const finder: Finder = { text, escape: escapeChar, ignoreQuotes: options.ignoreQuotes ?? false, found: [], depth: 0 };
  findIn(finder, 0, '');
  return finder.found;
}

interface Finder {
  readonly text: string;
  readonly escape: string;
  readonly ignoreQuotes: boolean;
  readonly found: VariableReference[];
  depth: number;
}

/** Beyond this nesting nothing is looked for. */
const MAX_DEPTH = 200;

/** Walks to an unquoted `stop` and returns its offset; -1 when the text ends first. */
function findIn(finder: Finder, from: number, stop: string): number {
  const { text } = finder;
  let inDoubleQuotes = false;
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (character === finder.escape) {
      at += 2;
    } else if (character === '$') {
      at = findReference(finder, at);
    } else if (character === stop && !inDoubleQuotes) {
      return at;
    } else if (character === '"' && !finder.ignoreQuotes) {
      inDoubleQuotes = !inDoubleQuotes;
      at++;
    } else if (character === "'" && !inDoubleQuotes && !finder.ignoreQuotes) {
      const close = text.indexOf("'", at + 1);
      at = close === -1 ? text.length : close + 1;
    } else {
      at++;
    }
  }
  return -1;
}

/** Reads the reference at a `$` and returns where to go on. */
function findReference(finder: Finder, start: number): number {
  const { text } = finder;
  const braced = text[start + 1] === '{';
  const nameStart = start + (braced ? 2 : 1);
  const nameEnd = nameEndAt(text, nameStart);
  if (nameEnd === nameStart) return nameStart;
  const name = text.slice(nameStart, nameEnd);
  const nested = finder.depth > 0;
  if (!braced) {
    finder.found.push({ name, start, end: nameEnd, nameStart, nameEnd, braced, modifier: null, word: null, nested });
    return nameEnd;
  }
  if (text[nameEnd] === '}') {
    const end = nameEnd + 1;
    finder.found.push({ name, start, end, nameStart, nameEnd, braced, modifier: null, word: null, nested });
    return end;
  }
  const modifier = modifierAt(text, nameEnd);
  if (!modifier || finder.depth >= MAX_DEPTH) return nameEnd;
  const place = finder.found.length;
  const wordStart = nameEnd + modifier.length;
  finder.depth++;
  const close = findIn(finder, wordStart, '}');
  finder.depth--;
  if (close === -1) return text.length;
  const word = { start: wordStart, end: close };
  const reference = { name, start, end: close + 1, nameStart, nameEnd, braced, modifier, word, nested };
  finder.found.splice(place, 0, reference);
  return close + 1;
}

const MODIFIERS: readonly ReferenceModifier[] = [':-', ':+', ':?', '##', '%%', '//', '-', '+', '?', '#', '%', '/'];

function modifierAt(text: string, at: number): ReferenceModifier | null {
  return MODIFIERS.find((modifier) => text.startsWith(modifier, at)) ?? null;
}

function nameEndAt(text: string, start: number): number {
  let at = start;
  const first = text.codePointAt(at);
  if (first === undefined || isSpace(first)) return at;
  if ('@*#?-$!'.includes(String.fromCodePoint(first))) return at + 1;
  const belongs = isDigit(first) ? isDigit : isNameCharacter;
  for (let code: number | undefined = first; code !== undefined && belongs(code); code = text.codePointAt(at)) {
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}
