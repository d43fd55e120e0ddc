/** Paths and globs as Go's path and path/filepath packages have them on Linux: BuildKit reads ignore files and COPY sources with these. */

/** The shortest equal path, as filepath.Clean has it: `a//b/../c/` → `a/c`; '' → `.`. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push(part);
  }
  if (rooted) return `/${parts.join('/')}`;
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Whether a COPY source holds `*`, `?` or `[` that no backslash takes its meaning. */
export function hasWildcards(path: string): boolean {
  return /^(?:\\[\s\S]|[^\\*?[])*[*?[]/.test(path);
}

/** A filepath.Match pattern, ready to be asked; null where Go calls it malformed. */
export function compileGlob(pattern: string): RegExp | null {
  const characters = [...pattern];
  let source = '';
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '[') {
      const group = readClass(characters, index);
      if (!group) return null;
      source += group.source;
      index = group.last;
    } else if (character === '\\') {
      index += 1;
      const escaped = characters[index];
      if (escaped === undefined) return null;
      source += quote(escaped);
    } else source += quote(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** Reads `[…]` from its bracket on. Unlike `*`, a class of Go's may match a slash. */
function readClass(characters: readonly string[], start: number): { source: string; last: number } | null {
  let index = start + 1;
  const negated = characters[index] === '^';
  if (negated) index += 1;
  const ranges: string[] = [];
  // A `]` right at the start is malformed, not a literal as it is elsewhere.
  while (characters[index] !== ']' || ranges.length === 0) {
    const low = readClassCharacter(characters, index);
    if (!low) return null;
    index = low.next;
    let high = low;
    if (characters[index] === '-') {
      const end = readClassCharacter(characters, index + 1);
      if (!end) return null;
      high = end;
      index = end.next;
    }
    // A range that runs backwards matches nothing in Go and would be an error here.
    const backwards = (low.character.codePointAt(0) ?? 0) > (high.character.codePointAt(0) ?? 0);
    ranges.push(backwards ? '' : `${quote(low.character)}-${quote(high.character)}`);
  }
  return { source: `[${negated ? '^' : ''}${ranges.join('')}]`, last: index };
}

function readClassCharacter(characters: readonly string[], start: number): { character: string; next: number } | null {
  const first = characters[start];
  if (first === undefined || first === '-' || first === ']') return null;
  const escaped = first === '\\';
  const character = escaped ? characters[start + 1] : first;
  const next = start + (escaped ? 2 : 1);
  // Nothing behind it means that the class is never closed.
  return character === undefined || next >= characters.length ? null : { character, next };
}

/** A character that stands for itself in a regular expression with the u flag, in a class or outside. */
function quote(character: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(character) ? `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}` : character;
}
