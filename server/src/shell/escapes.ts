/** What is left of a text after a shell has removed the backslashes that count inside quotes, backticks and here-documents. */
import type { MappedText } from './maps';

/** The characters that a backslash protects there; before any other one it stays. */
export type EscapeSet = 'double-quotes' | 'backticks' | 'backticks-in-quotes' | 'heredoc';

const escapable: Record<EscapeSet, string> = {
  'double-quotes': '$`"\\\n',
  backticks: '$`\\',
  'backticks-in-quotes': '$`"\\',
  heredoc: '$`\\\n',
};

/** Removes the backslashes from `text[start, end)`; `starts` and `ends` are offsets in `text`. */
export function removeEscapes(text: string, start: number, end: number, set: EscapeSet): MappedText {
  const protectedCharacters = escapable[set];
  const starts: number[] = [];
  const ends: number[] = [];
  let result = '';
  let at = start;
  while (at < end) {
    const isEscape = text[at] === '\\' && at + 1 < end && protectedCharacters.includes(text.charAt(at + 1));
    if (!isEscape) {
      starts.push(at);
      ends.push(at + 1);
      result += text.charAt(at);
      at += 1;
      continue;
    }
    // A backslash before a newline takes the newline with it.
    if (text[at + 1] !== '\n') {
      starts.push(at);
      ends.push(at + 2);
      result += text.charAt(at + 1);
    }
    at += 2;
  }
  starts.push(end);
  return { text: result, starts, ends };
}
