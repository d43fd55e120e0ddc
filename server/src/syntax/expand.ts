/** Variables and quotes as BuildKit's lexer processes them: expansion of a word, and splitting into words afterwards. */
import { lexStretch, startLexer } from './lexer';

/** The value of a variable; undefined where it is not set. */
export type Environment = (name: string) => string | undefined;

/** How BuildKit configures its lexer in different places; all off is the way of instructions' arguments. */
export interface ExpandOptions {
  /** Keep the quotes. */
  readonly rawQuotes?: boolean;
  /** Keep the escape characters. */
  readonly rawEscapes?: boolean;
  /** Quotes are ordinary characters, as in the body of a heredoc. */
  readonly ignoreQuotes?: boolean;
  /** Leave references to unset variables as they are. */
  readonly keepUnset?: boolean;
}

export type ExpansionErrorCode =
  | 'unterminated-quote'
  | 'missing-brace'
  | 'missing-slash'
  | 'bad-substitution'
  | 'unsupported-modifier'
  | 'invalid-pattern'
  /** `${x?message}` with an unset `x`, or `${x:?message}` with an empty one. */
  | 'required';

export interface ExpansionError {
  readonly code: ExpansionErrorCode;
  /** The quote, modifier, pattern or message it is about. */
  readonly detail: string;
}

/** What a word became. Names are those that were read, whether or not their value shows in the result. */
export type Expansion = ExpandedValue | FailedExpansion;

interface ExpandedValue extends NamesRead {
  readonly value: string;
  readonly error: null;
}

interface FailedExpansion extends NamesRead {
  readonly value: null;
  readonly error: ExpansionError;
}

interface NamesRead {
  /** Names of the variables that are set. */
  readonly matched: ReadonlySet<string>;
  /** Names of the variables that are not. */
  readonly unmatched: ReadonlySet<string>;
}

/** A word of the expanded text and the part of the source it comes from. */
export interface ExpandedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type WordsExpansion =
  | (NamesRead & { readonly words: readonly ExpandedWord[]; readonly error: null })
  | (NamesRead & { readonly words: null; readonly error: ExpansionError });

/** Expands variables and removes quotes and escapes, without splitting. */
export function expandWord(text: string, env: Environment, escapeChar = '\\', options: ExpandOptions = {}): Expansion {
  if (isPlain(text, escapeChar)) return { value: text, error: null, matched: NO_NAMES, unmatched: NO_NAMES };
  const lexer = startLexer(text, env, escapeChar, options);
  const stretch = lexStretch(lexer, '', lexer.rawEscapes);
  const { matched, unmatched } = lexer;
  return typeof stretch === 'string'
    ? { value: stretch, error: null, matched, unmatched }
    : { value: null, error: stretch, matched, unmatched };
}

/** Expands as `expandWord` does and splits at unquoted white space, that in the values of variables included. */
export function expandWords(
  text: string,
  env: Environment,
  escapeChar = '\\',
  options: ExpandOptions = {},
): WordsExpansion {
  const lexer = startLexer(text, env, escapeChar, options);
  const stretch = lexStretch(lexer, '', lexer.rawEscapes);
  const { matched, unmatched } = lexer;
  return typeof stretch === 'string'
    ? { words: lexer.words, error: null, matched, unmatched }
    : { words: null, error: stretch, matched, unmatched };
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Most words hold nothing that the lexer would change. */
function isPlain(text: string, escapeChar: string): boolean {
  return !/["'$\ufeff]/.test(text) && !text.includes(escapeChar);
}
