/** BuildKit's lexer for words: quotes, escapes, variables with their modifiers, and the splitting at white space. */
import { isDigit, isNameCharacter, isSpace } from './characters';
import type { Environment, ExpandedWord, ExpandOptions, ExpansionError, ExpansionErrorCode } from './expand';
import { type PatternResult, replacePattern, trimPrefixPattern, trimSuffixPattern } from './pattern';

/** What the lexer knows while it walks through a text. */
export interface Lexer {
  readonly rawQuotes: boolean;
  readonly ignoreQuotes: boolean;
  readonly keepUnset: boolean;
  readonly text: string;
  readonly env: Environment;
  readonly escape: string;
  readonly matched: Set<string>;
  readonly unmatched: Set<string>;
  rawEscapes: boolean;
  at: number;
  /** The words of the stretch being read. */
  words: ExpandedWord[];
  /** The word being read. BuildKit shares it between nested stretches, which makes `a${b:-c}` lose its `a`. */
  buffer: string;
  bufferStart: number;
  bufferEnd: number;
  depth: number;
}

type Failure = ExpansionError;

/** Deeper nesting than this is no Dockerfile; it must not end in a stack overflow. */
const MAX_DEPTH = 200;

/** Begins at the start of a text. */
export function startLexer(text: string, env: Environment, escapeChar: string, options: ExpandOptions): Lexer {
  return {
    rawQuotes: options.rawQuotes ?? false,
    ignoreQuotes: options.ignoreQuotes ?? false,
    keepUnset: options.keepUnset ?? false,
    text,
    env,
    escape: escapeChar,
    matched: new Set(),
    unmatched: new Set(),
    rawEscapes: options.rawEscapes ?? false,
    // Go's scanner drops a byte order mark at its start.
    at: text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0,
    words: [],
    buffer: '',
    bufferStart: 0,
    bufferEnd: 0,
    depth: 0,
  };
}

/** Lexes up to `stop`, which is consumed, or to the end of the text where `stop` is empty. */
export function lexStretch(lexer: Lexer, stop: string, rawEscapes: boolean): string | Failure {
  if (lexer.depth >= MAX_DEPTH) return fail('bad-substitution', '');
  const outerRawEscapes = lexer.rawEscapes;
  const outerWords = lexer.words;
  lexer.rawEscapes = rawEscapes;
  lexer.words = [];
  lexer.buffer = '';
  lexer.depth++;
  const result = lexUntil(lexer, stop);
  lexer.depth--;
  flushWord(lexer);
  if (stop !== '') lexer.words = outerWords;
  lexer.rawEscapes = outerRawEscapes;
  return result;
}

function lexUntil(lexer: Lexer, stop: string): string | Failure {
  const { text } = lexer;
  const word = { inside: false };
  let result = '';
  while (lexer.at < text.length) {
    const start = lexer.at;
    const character = peek(lexer);
    if (character === stop) {
      lexer.at++;
      return result;
    }
    if (character === '$') {
      const value = lexDollar(lexer);
      if (typeof value !== 'string') return value;
      result += value;
      for (const piece of value) addCharacter(lexer, word, piece, start);
    } else if (character === '<' || isQuote(lexer, character)) {
      const raw = character === '<' ? lexHeredocMark(lexer) : lexQuote(lexer, character);
      if (typeof raw !== 'string') return raw;
      result += raw;
      addRaw(lexer, word, raw, start);
    } else if (character === lexer.escape) {
      lexer.at += character.length;
      if (lexer.rawEscapes) {
        result += character;
        addRaw(lexer, word, character, start);
      }
      const escaped = next(lexer);
      if (escaped === '') break;
      result += escaped;
      addRaw(lexer, word, escaped, start);
    } else {
      lexer.at += character.length;
      result += character;
      addCharacter(lexer, word, character, start);
    }
  }
  return stop === '' ? result : fail(stop === '/' ? 'missing-slash' : 'missing-brace', stop);
}

function isQuote(lexer: Lexer, character: string): boolean {
  return !lexer.ignoreQuotes && (character === "'" || character === '"');
}

function addCharacter(lexer: Lexer, word: { inside: boolean }, character: string, start: number): void {
  if (!isSpace(character.charCodeAt(0))) {
    addRaw(lexer, word, character, start);
  } else if (word.inside && lexer.buffer !== '') {
    flushWord(lexer);
    word.inside = false;
  }
}

function addRaw(lexer: Lexer, word: { inside: boolean }, text: string, start: number): void {
  if (lexer.buffer === '') lexer.bufferStart = start;
  lexer.buffer += text;
  lexer.bufferEnd = lexer.at;
  word.inside = true;
}

function flushWord(lexer: Lexer): void {
  if (lexer.buffer === '') return;
  lexer.words.push({ text: lexer.buffer, start: lexer.bufferStart, end: lexer.bufferEnd });
  lexer.buffer = '';
}

function lexQuote(lexer: Lexer, quote: string): string | Failure {
  return quote === "'" ? lexSingleQuote(lexer) : lexDoubleQuote(lexer);
}

function lexSingleQuote(lexer: Lexer): string | Failure {
  const close = lexer.text.indexOf("'", lexer.at + 1);
  if (close === -1) {
    lexer.at = lexer.text.length;
    return fail('unterminated-quote', "'");
  }
  const raw = lexer.text.slice(lexer.at, close + 1);
  lexer.at = close + 1;
  return lexer.rawQuotes ? raw : raw.slice(1, -1);
}

function lexDoubleQuote(lexer: Lexer): string | Failure {
  lexer.at++;
  let result = lexer.rawQuotes ? '"' : '';
  for (;;) {
    const character = peek(lexer);
    if (character === '') return fail('unterminated-quote', '"');
    if (character === '"') {
      lexer.at++;
      return lexer.rawQuotes ? `${result}"` : result;
    }
    if (character === '$') {
      const value = lexDollar(lexer);
      if (typeof value !== 'string') return value;
      result += value;
      continue;
    }
    lexer.at += character.length;
    if (character !== lexer.escape) {
      result += character;
      continue;
    }
    if (lexer.rawEscapes) result += character;
    const escaped = peek(lexer);
    if (escaped === '') continue;
    if (escaped === '"' || escaped === '$' || escaped === lexer.escape) {
      lexer.at += escaped.length;
      result += escaped;
    } else {
      result += character;
    }
  }
}

/** `<` alone, or `<<` with the white space behind it, which belongs to the word of a heredoc. */
function lexHeredocMark(lexer: Lexer): string {
  const start = lexer.at++;
  if (peek(lexer) !== '<') return '<';
  lexer.at++;
  for (let code = lexer.text.charCodeAt(lexer.at); code === 9 || code === 13 || code === 32; ) {
    code = lexer.text.charCodeAt(++lexer.at);
  }
  return lexer.text.slice(start, lexer.at);
}

function lexDollar(lexer: Lexer): string | Failure {
  lexer.at++;
  if (peek(lexer) !== '{') {
    const name = lexName(lexer);
    if (name === '') return '$';
    const value = readVariable(lexer, name);
    return value ?? (lexer.keepUnset ? `$${name}` : '');
  }
  lexer.at++;
  const first = peek(lexer);
  if (first === '') return fail('missing-brace', '}');
  if (first === '{' || first === '}' || first === ':') return fail('bad-substitution', first);
  const name = lexName(lexer);
  const operator = next(lexer);
  if (operator === '}') {
    const value = readVariable(lexer, name);
    return value ?? (lexer.keepUnset ? `\${${name}}` : '');
  }
  if (operator === '') return fail('missing-brace', '}');
  if (operator === '/') return lexReplacement(lexer, name);
  if (operator === ':') return lexModifier(lexer, name, next(lexer), true);
  if (MODIFIERS.includes(operator)) return lexModifier(lexer, name, operator, false);
  return fail('unsupported-modifier', operator);
}

const MODIFIERS = '+-?#%';

function lexModifier(lexer: Lexer, name: string, operator: string, emptyIsUnset: boolean): string | Failure {
  const modifier = emptyIsUnset ? `:${operator}` : operator;
  const isPattern = operator === '#' || operator === '%';
  if (emptyIsUnset && isPattern) return fail('unsupported-modifier', modifier);
  const word = lexStretch(lexer, '}', isPattern);
  if (typeof word !== 'string') return lexer.at >= lexer.text.length ? fail('missing-brace', '}') : word;
  const value = readVariable(lexer, name);
  if (value === undefined && lexer.keepUnset) return `\${${name}${modifier}${word}}`;
  const isMissing = value === undefined || (emptyIsUnset && value === '');
  switch (operator) {
    case '-':
      return isMissing ? word : value;
    case '+':
      return isMissing ? '' : word;
    case '?':
      return isMissing ? fail('required', word === '' ? name : `${name}: ${word}`) : value;
    case '#':
    case '%':
      return applyTrim(operator, word, value ?? '');
    default:
      return fail('unsupported-modifier', modifier);
  }
}

function applyTrim(operator: '#' | '%', word: string, value: string): string | Failure {
  const greedy = word.startsWith(operator);
  const pattern = greedy ? word.slice(1) : word;
  const trim = operator === '#' ? trimPrefixPattern : trimSuffixPattern;
  return orInvalidPattern(trim(pattern, value, greedy), pattern);
}

/** `${name/pattern/replacement}`, or `//` to replace every match. */
function lexReplacement(lexer: Lexer, name: string): string | Failure {
  const all = peek(lexer) === '/';
  if (all) lexer.at++;
  const pattern = lexStretch(lexer, '/', true);
  if (typeof pattern !== 'string') return lexer.at >= lexer.text.length ? fail('missing-slash', '/') : pattern;
  const replacement = lexStretch(lexer, '}', true);
  if (typeof replacement !== 'string') {
    return lexer.at >= lexer.text.length ? fail('missing-brace', '}') : replacement;
  }
  const value = readVariable(lexer, name);
  if (value === undefined && lexer.keepUnset) return `\${${name}/${pattern}/${replacement}}`;
  return orInvalidPattern(replacePattern(pattern, value ?? '', replacement, all), pattern);
}

function orInvalidPattern(result: PatternResult, pattern: string): string | Failure {
  return result ?? fail('invalid-pattern', pattern);
}

/** A name, a number, or one of the shell's special parameters; empty when none of them is here. */
function lexName(lexer: Lexer): string {
  const start = lexer.at;
  const first = lexer.text.codePointAt(start);
  if (first === undefined) return '';
  if (isDigit(first)) {
    while (isDigit(codeAt(lexer))) lexer.at += peek(lexer).length;
  } else if (SPECIAL_PARAMETERS.includes(String.fromCodePoint(first))) {
    lexer.at++;
  } else {
    while (isNameCharacter(codeAt(lexer))) lexer.at += peek(lexer).length;
  }
  return lexer.text.slice(start, lexer.at);
}

const SPECIAL_PARAMETERS = '@*#?-$!';

function readVariable(lexer: Lexer, name: string): string | undefined {
  const value = lexer.env(name);
  (value === undefined ? lexer.unmatched : lexer.matched).add(name);
  return value;
}

/** The character at the lexer's place, surrogate pairs in one piece; empty at the end. */
function peek(lexer: Lexer): string {
  const code = lexer.text.codePointAt(lexer.at);
  if (code === undefined) return '';
  return code < 0x10000 ? (lexer.text[lexer.at] ?? '') : String.fromCodePoint(code);
}

function next(lexer: Lexer): string {
  const character = peek(lexer);
  lexer.at += character.length;
  return character;
}

function codeAt(lexer: Lexer): number {
  return lexer.text.codePointAt(lexer.at) ?? 0;
}

function fail(code: ExpansionErrorCode, detail: string): Failure {
  return { code, detail };
}

const BYTE_ORDER_MARK = 0xfeff;
