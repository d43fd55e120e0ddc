/** Character classes as Go's `unicode` package has them, because BuildKit's parser asks that package. */

/** White space for BuildKit's trimming and word splitting. Takes a UTF-16 code unit: all of them lie in the first plane. */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The white space that separates keyword, arguments and whitespace-delimited words: tab, vertical tab, form feed, CR, blank. */
export function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0b || code === 0x0c;
}

/** A blank or a tab. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A character that can stand in a variable's name: letter, decimal digit or underscore. Takes a code point. */
export function isNameCharacter(code: number): boolean {
  if (code < 0x80) {
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || isAsciiDigit(code) || code === 0x5f;
  }
  return /[\p{L}\p{Nd}]/u.test(String.fromCodePoint(code));
}

/** A decimal digit of any script. Takes a code point. */
export function isDigit(code: number): boolean {
  return code < 0x80 ? isAsciiDigit(code) : /\p{Nd}/u.test(String.fromCodePoint(code));
}

/** `0` to `9`. */
export function isAsciiDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The first offset in `[from, to)` that holds no white space; `to` when there is none. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The end of `[from, to)` without trailing white space. */
export function trimSpaceEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}
