/** Values for ENV, written so that BuildKit reads what a shell script said. */
import type { ShellWord } from '../shell/script';

/** A text as the value of an ENV: bare where it can be, else in double quotes. Null where ENV cannot hold it. */
export function literalEnvValue(text: string, escapeCharacter: '\\' | '`'): string | null {
  if (/[\r\n]/.test(text)) return null;
  if (/^[\w.,:/@%+-]*$/.test(text)) return text;
  const special = escapeCharacter === '`' ? /["$`]/g : /["$\\]/g;
  return `"${text.replace(special, `${escapeCharacter}$&`)}"`;
}

/**
 * The value that a word of a script has, for ENV: a literal, or a text with variables that `isKnown` to ENV. `prefix` is what
 * stands before the value in the word, such as `NAME=`. Null where only a shell can tell the value.
 */
export function envValue(
  word: ShellWord,
  prefix: string,
  escapeCharacter: '\\' | '`',
  isKnown: (name: string) => boolean,
): string | null {
  if (!word.text.startsWith(prefix)) return null;
  if (word.value !== null) return literalEnvValue(word.value.slice(prefix.length), escapeCharacter);
  const written = word.text.slice(prefix.length);
  const bare = written.replace(/^"(.*)"$/, '$1');
  if (!/^(?:[\w.,:/@%+= -]|\$\w+|\$\{\w+\})+$/.test(bare) || (bare === written && bare.includes(' '))) return null;
  const names = [...bare.matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  if (!names.every((name) => /^[A-Za-z_]/.test(name) && isKnown(name))) return null;
  return /^[^ =]*$/.test(bare) ? bare : `"${bare}"`;
}
