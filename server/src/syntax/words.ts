/** How BuildKit splits the text behind a keyword into words. Offsets count in the text that was handed in. */
import { isSeparator, isSpace } from './characters';

/** A word and where it stands. */
export interface TextWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words of ENV, LABEL and ARG: quotes and escapes keep blanks inside a word and are themselves kept. */
export function splitQuotedWords(text: string, escapeChar: string): TextWord[] {
  const words: TextWord[] = [];
  const escapeCode = escapeChar.charCodeAt(0);
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const start = at;
    let quote = 0;
    // An escape character that ends the text is dropped.
    let dropped = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (quote === 0 && isSpace(code)) break;
      if (code === escapeCode && quote !== SINGLE_QUOTE) {
        if (at + 1 === text.length) dropped = 1;
        else at++;
        continue;
      }
      if (quote === 0 && (code === SINGLE_QUOTE || code === DOUBLE_QUOTE)) quote = code;
      else if (code === quote) quote = 0;
    }
    if (at - dropped > start) words.push({ text: text.slice(start, at - dropped), start, end: at - dropped });
  }
  return words;
}

/** Words of FROM, EXPOSE, COPY, ADD and VOLUME: white space splits, nothing else matters. */
export function splitPlainWords(text: string): TextWord[] {
  const words: TextWord[] = [];
  if (text === '') return words;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isSeparator(text.charCodeAt(at))) continue;
    words.push({ text: text.slice(start, at), start, end: at });
    while (at + 1 < text.length && isSeparator(text.charCodeAt(at + 1))) at++;
    start = at + 1;
  }
  return words;
}

/** The first word and the rest behind the white space that follows it. */
export function splitFirstWord(text: string, separates: (code: number) => boolean): { end: number; rest: number } {
  let end = 0;
  while (end < text.length && !separates(text.charCodeAt(end))) end++;
  let rest = end;
  while (rest < text.length && separates(text.charCodeAt(rest))) rest++;
  return { end, rest };
}

/** A name-value pair; `value` is null where none was written. */
export interface TextPair {
  readonly word: TextWord;
  readonly name: string;
  readonly value: string | null;
  /** Where the value starts; the end of the word when there is none. */
  readonly valueStart: number;
  readonly legacy: boolean;
}

/** What ENV and LABEL say, and the word that BuildKit stumbles over, if any. */
export interface ParsedPairs {
  readonly pairs: readonly TextPair[];
  readonly refused: { readonly code: 'missing-equals' | 'missing-value'; readonly word: TextWord } | null;
}

/** Pairs of ENV and LABEL: `name=value …`, or the old `name value` where the first word holds no `=`. */
export function parsePairs(text: string, words: readonly TextWord[]): ParsedPairs {
  const first = words[0];
  if (!first) return { pairs: [], refused: null };
  if (!first.text.includes('=')) return parseLegacyPair(text, first);
  let refused: ParsedPairs['refused'] = null;
  const pairs: TextPair[] = [];
  for (const word of words) {
    const pair = parseBuildArg(word);
    if (pair.value === null) refused ??= { code: 'missing-equals', word };
    else pairs.push(pair);
  }
  return { pairs, refused };
}

/** A word of ARG: `name` or `name=value`. */
export function parseBuildArg(word: TextWord): TextPair {
  const equals = word.text.indexOf('=');
  if (equals === -1) return { word, name: word.text, value: null, valueStart: word.end, legacy: false };
  const name = word.text.slice(0, equals);
  return { word, name, value: word.text.slice(equals + 1), valueStart: word.start + equals + 1, legacy: false };
}

function parseLegacyPair(text: string, first: TextWord): ParsedPairs {
  const { end, rest } = splitFirstWord(text, isSeparator);
  if (rest === end) return { pairs: [], refused: { code: 'missing-value', word: first } };
  const name = text.slice(0, end);
  const word = { text, start: 0, end: text.length };
  return { pairs: [{ word, name, value: text.slice(rest), valueStart: rest, legacy: true }], refused: null };
}

const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
