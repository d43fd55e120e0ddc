/** The exec form: a JSON array of strings, as Go's encoding/json reads it. */

/** A string of the array and where it is written, quotes included, as offsets into the text that was parsed. */
export interface JsonString {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `text` as an exec form. `strings` where BuildKit reads one; `not-strings` for a valid array that holds something
 * else, which BuildKit refuses; `shell` for everything else, which BuildKit takes as a shell command or list of words.
 */
export type JsonForm =
  | { readonly kind: 'strings'; readonly strings: readonly JsonString[] }
  | { readonly kind: 'not-strings'; readonly detail: string }
  | { readonly kind: 'shell' };

const SHELL_FORM: JsonForm = { kind: 'shell' };

/** Parses text from which leading white space was removed. */
export function parseJsonForm(text: string): JsonForm {
  // Throwing away what cannot be an array is far cheaper than an exception of JSON.parse: `[ -f x ] && …` is common.
  if (text.charCodeAt(0) !== OPEN_BRACKET || !endsWithBracket(text)) return SHELL_FORM;
  const values = parseJson(text);
  if (!Array.isArray(values)) return SHELL_FORM;
  const other = values.find((value: unknown) => typeof value !== 'string');
  if (other !== undefined) return { kind: 'not-strings', detail: describe(other) };
  return { kind: 'strings', strings: locateStrings(text, values) };
}

/** A value as it might be written; what is inside arrays and objects does not matter. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : String(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text is known to be a valid array of strings, so quotes are all there is to look for. */
function locateStrings(text: string, values: readonly string[]): JsonString[] {
  const strings: JsonString[] = [];
  let at = 1;
  for (const value of values) {
    const start = text.indexOf('"', at);
    at = start + 1;
    while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
    at++;
    strings.push({ value: replaceLoneSurrogates(value), start, end: at });
  }
  return strings;
}

/** Go cannot hold half a surrogate pair: it becomes the replacement character. */
function replaceLoneSurrogates(value: string): string {
  return /[\ud800-\udfff]/.test(value)
    ? value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    : value;
}

function endsWithBracket(text: string): boolean {
  let at = text.length - 1;
  while (at > 0 && text.charCodeAt(at) <= 0x20) at--;
  return text.charCodeAt(at) === CLOSE_BRACKET;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
