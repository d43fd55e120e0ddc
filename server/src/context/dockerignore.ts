/** `.dockerignore`: which files of the build context BuildKit leaves out. Pure; the order of the lines decides, the last match wins. */
import { cleanPath, compileGlob } from './go-paths';

export interface IgnoreRules {
  readonly rules: readonly IgnoreRule[];
  /** Whether any line starts with `!`. */
  readonly hasExceptions: boolean;
  /** Lines with which BuildKit refuses to build at all. */
  readonly problems: readonly IgnoreProblem[];
}

export interface IgnoreRule {
  /** The cleaned pattern, without `!`. */
  readonly pattern: string;
  /** `!pattern`: lets in again. */
  readonly isException: boolean;
  /** 0-based line in the ignore file. */
  readonly line: number;
  /** Whether the pattern matches this very path, parents not considered. */
  matches(path: string): boolean;
}

export interface IgnoreProblem {
  /** 0-based. */
  readonly line: number;
  readonly text: string;
  /** `lone-exclamation`: a `!` with nothing behind it; `malformed`: no pattern that Go's filepath.Match understands. */
  readonly reason: 'lone-exclamation' | 'malformed';
}

/** Nothing is ignored. */
export const noIgnoreRules: IgnoreRules = { rules: [], hasExceptions: false, problems: [] };

/** Reads an ignore file. Comments start in the first column only; blanks around a pattern do not count. */
export function parseIgnore(text: string): IgnoreRules {
  const rules: IgnoreRule[] = [];
  const problems: IgnoreProblem[] = [];
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [line, raw] of lines.entries()) {
    if (raw.startsWith('#')) continue;
    const written = trimBlanks(raw);
    if (written === '') continue;
    const rule = buildRule(written, line);
    if (typeof rule === 'string') problems.push({ line, text: written, reason: rule });
    else rules.push(rule);
  }
  return { rules, hasExceptions: rules.some((rule) => rule.isException), problems };
}

/**
 * Whether the path (relative to the context, '/'-separated) is left out when the context is sent. A folder that is
 * left out is still there in the build when something below it is let in again; see sources.ts.
 */
export function isIgnored(rules: IgnoreRules, path: string): boolean {
  if (rules.rules.length === 0) return false;
  return stateOf(rules, path).ignored;
}

/**
 * What BuildKit's check CopyIgnoredFile asks of a source: is it, or any folder above it, matched, the last match winning?
 * With exceptions this differs from what is really sent, which is why that check is silent then.
 */
export function matchesPathOrParent(rules: IgnoreRules, path: string): boolean {
  const parts = path.split('/');
  const parents = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'));
  let matched = false;
  for (const rule of rules.rules) {
    if (rule.isException !== matched) continue;
    if (rule.matches(path) || parents.some((parent) => rule.matches(parent))) matched = !rule.isException;
  }
  return matched;
}

/** What is known of a folder or file after all rules: the outcome, and which rules hold for everything below. */
interface PathState {
  readonly ignored: boolean;
  /** By rule: whether it matched the path or, while it counted, a folder above. */
  readonly matched: readonly boolean[];
}

/** States of paths already asked for. A context is asked for every one of its paths, and each needs its parents'. */
const statesOf = new WeakMap<IgnoreRules, Map<string, PathState>>();

/** The same walk from the top as BuildKit's: a rule that did not count for a folder is asked anew for what is below it. */
function stateOf(rules: IgnoreRules, path: string): PathState {
  const states = statesOf.get(rules) ?? new Map<string, PathState>();
  statesOf.set(rules, states);
  const known = states.get(path);
  if (known) return known;
  const slash = path.lastIndexOf('/');
  const parent = slash > 0 ? stateOf(rules, path.slice(0, slash)).matched : null;
  let ignored = false;
  const matched = rules.rules.map((rule, index) => {
    const isMatch = parent?.[index] || (rule.isException === ignored && rule.matches(path));
    if (isMatch) ignored = !rule.isException;
    return isMatch;
  });
  const state = { ignored, matched };
  states.set(path, state);
  return state;
}

/** Cleaned twice, as BuildKit's reader and its matcher do: what starts with `!` only after the first time is an exception too. */
function buildRule(written: string, line: number): IgnoreRule | IgnoreProblem['reason'] {
  const inverted = written.startsWith('!');
  const bare = inverted ? trimBlanks(written.slice(1)) : written;
  const relative = bare === '' ? '' : cleanPath(bare).replace(/^\/(?=.)/s, '');
  const cleaned = cleanPath(trimBlanks(`${inverted ? '!' : ''}${relative}`));
  const isException = cleaned.startsWith('!');
  const pattern = isException ? cleaned.slice(1) : cleaned;
  if (pattern === '') return 'lone-exclamation';
  const matches = compileGlob(pattern) && compilePattern(pattern);
  return matches ? { pattern, isException, line, matches } : 'malformed';
}

/**
 * Turns a pattern into a test of a path: `*` and `?` stop at slashes, `**` does not, a leading `**` means "ends with" and a
 * trailing one "starts with". A pattern without any of these is compared as it is.
 */
export function compilePattern(pattern: string): ((path: string) => boolean) | null {
  const characters = [...pattern];
  let source = '^';
  let kind: 'exact' | 'prefix' | 'suffix' | 'expression' = 'exact';
  let index = 0;
  for (let turn = 0; index < characters.length; turn += 1) {
    const character = characters[index] ?? '';
    index += 1;
    if (character === '*' && characters[index] === '*') {
      index += characters[index + 1] === '/' ? 2 : 1;
      if (index < characters.length) {
        source += '(.*/)?';
        kind = 'expression';
      } else if (kind === 'exact') kind = 'prefix';
      else {
        source += '.*';
        kind = 'expression';
      }
      if (turn === 0) kind = 'suffix';
    } else if (character === '*' || character === '?') {
      source += character === '*' ? '[^/]*' : '[^/]';
      kind = 'expression';
    } else if (character === '\\') {
      source += `\\${characters[index] ?? ''}`;
      index += 1;
      kind = 'expression';
    } else if ('.+()$'.includes(character)) source += `\\${character}`;
    else {
      if (character === '[' || character === ']') kind = 'expression';
      // `|`, `{`, `}` and `^` keep the meaning that they have in an expression: BuildKit's matcher does not escape them.
      source += character;
    }
  }
  if (kind === 'exact') return (path) => path === pattern;
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (kind === 'suffix') {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  const expression = translateExpression(`${source}$`);
  return expression && ((path) => expression.test(path));
}

/** An expression of Go's regexp package as one of JavaScript's with the u flag; null where either of them refuses it. */
function translateExpression(source: string): RegExp | null {
  let translated = '';
  let inClass = false;
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? '';
    if (character === '\\') {
      index += 1;
      const escaped = String.fromCodePoint(source.codePointAt(index) ?? 0x5c);
      index += escaped.length - 1;
      const isWord = /[A-Za-z0-9_]/.test(escaped);
      if (isWord && !'dDsSwWbB'.includes(escaped)) return null;
      translated += isWord ? `\\${escaped}` : `\\u{${escaped.codePointAt(0)?.toString(16) ?? ''}}`;
    } else if (inClass) {
      if (source.startsWith('[:', index)) return null;
      inClass = character !== ']';
      translated += character === '[' ? '\\[' : character;
    } else if (character === '[') {
      inClass = true;
      translated += character;
    } else if (character === ']' || character === '}') translated += `\\${character}`;
    else if (character === '{') {
      const repetition = /^\{\d+(?:,\d*)?\}/.exec(source.slice(index))?.[0];
      translated += repetition ?? '\\{';
      index += (repetition?.length ?? 1) - 1;
    } else translated += character;
  }
  try {
    return new RegExp(translated, 'u');
  } catch {
    return null;
  }
}

/** Blanks as Go's strings.TrimSpace has them: unlike String.trim, U+0085 is one and a byte order mark is not. */
function trimBlanks(text: string): string {
  return text.replace(/^[\s\u0085]+|[\s\u0085]+$/g, (blanks) => blanks.replace(/[^\uFEFF]/g, ''));
}
