/** Shell patterns of `${x#…}`, `${x%…}` and `${x/…/…}`: `*`, `?` and `\`, matched without backtracking. */

/** The new value; null where BuildKit refuses the pattern. */
export type PatternResult = string | null;

/** Removes the shortest (or longest, when greedy) match from the start of a value. */
export function trimPrefixPattern(pattern: string, value: string, greedy: boolean): PatternResult {
  const tokens = parsePattern(Array.from(pattern));
  if (!tokens) return null;
  const characters = Array.from(value);
  const end = matchEnd(tokens, characters, 0, greedy);
  return end === -1 ? value : characters.slice(end).join('');
}

/** Removes the shortest (or longest, when greedy) match from the end of a value. */
export function trimSuffixPattern(pattern: string, value: string, greedy: boolean): PatternResult {
  const tokens = parsePattern(reversePattern(Array.from(pattern)));
  if (!tokens) return null;
  const characters = Array.from(value).reverse();
  const end = matchEnd(tokens, characters, 0, greedy);
  return end === -1 ? value : characters.slice(end).reverse().join('');
}

/** Replaces the leftmost longest match of a pattern, or every one. */
export function replacePattern(pattern: string, value: string, replacement: string, all: boolean): PatternResult {
  const tokens = parsePattern(Array.from(pattern));
  if (!tokens) return null;
  const characters = Array.from(value);
  if (all) return replaceAll(tokens, characters, replacement);
  const match = findMatch(tokens, characters, 0);
  if (!match) return value;
  return characters.slice(0, match.start).join('') + replacement + characters.slice(match.end).join('');
}

/** A literal character, or one of the wildcards. */
type Token = { readonly literal: string } | 'any' | 'star';

function parsePattern(characters: readonly string[]): Token[] | null {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') {
      // Two stars in a row match what one does, at twice the price.
      if (tokens[tokens.length - 1] !== 'star') tokens.push('star');
    } else if (character === '?') {
      tokens.push('any');
    } else if (character === '\\') {
      const escaped = characters[++at];
      if (escaped === undefined || !'*?\\}/'.includes(escaped)) return null;
      tokens.push({ literal: escaped });
    } else {
      tokens.push({ literal: character });
    }
  }
  return tokens;
}

/** Turns a pattern round so that its escapes still stand before what they escape. */
function reversePattern(characters: readonly string[]): string[] {
  const reversed: string[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    const escaped = characters[at + 1];
    if (character === '\\' && escaped !== undefined) {
      reversed.push(escaped, character);
      at++;
    } else {
      reversed.push(character);
    }
  }
  return reversed.reverse();
}

/** Where the shortest or longest match that begins at `start` ends; -1 without one. Wildcards stop at newlines. */
function matchEnd(tokens: readonly Token[], value: readonly string[], start: number, longest: boolean): number {
  let ends = new Set([start]);
  for (const token of tokens) {
    const following = new Set<number>();
    for (const end of ends) {
      if (token === 'star') {
        // An end already known has brought all that follow it, up to the next newline.
        for (let at = end; !following.has(at); at++) {
          following.add(at);
          if (at >= value.length || value[at] === '\n') break;
        }
      } else if (end < value.length && (token === 'any' ? value[end] !== '\n' : value[end] === token.literal)) {
        following.add(end + 1);
      }
    }
    if (following.size === 0) return -1;
    ends = following;
  }
  let best = -1;
  for (const end of ends) if (best === -1 || (longest ? end > best : end < best)) best = end;
  return best;
}

function findMatch(
  tokens: readonly Token[],
  value: readonly string[],
  from: number,
): { start: number; end: number } | null {
  for (let start = from; start <= value.length; start++) {
    const end = matchEnd(tokens, value, start, true);
    if (end !== -1) return { start, end };
  }
  return null;
}

/** As Go's ReplaceAllString: no empty match right behind a match, and `$` in the replacement is a template. */
function replaceAll(tokens: readonly Token[], value: readonly string[], replacement: string): string {
  let result = '';
  let copied = 0;
  let from = 0;
  while (from <= value.length) {
    const match = findMatch(tokens, value, from);
    if (!match) break;
    result += value.slice(copied, match.start).join('');
    if (match.end > copied || match.start === 0) {
      result += fillTemplate(replacement, value.slice(match.start, match.end).join(''));
    }
    copied = match.end;
    from = Math.max(from + 1, match.end);
  }
  return result + value.slice(copied).join('');
}

/** There are no groups, so `$0` is the match and every other name is empty. */
function fillTemplate(template: string, match: string): string {
  if (!template.includes('$')) return template;
  return template.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (all, bare, braced) => {
    if (all === '$$') return '$';
    return /^0+$/.test(bare ?? braced) ? match : '';
  });
}
