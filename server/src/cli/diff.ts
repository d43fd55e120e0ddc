/** What changed between two texts, as a patch that `git apply` and `patch -p1` take. */
import { structuredPatch } from 'diff';

/** A unified diff; '' where the texts are the same. `before` is null for a file that is new. */
export function unifiedDiff(name: string, before: string | null, after: string): string {
  if (before === after) return '';
  const { hunks } = structuredPatch('', '', before ?? '', after, undefined, undefined, { context: 3 });
  const path = name.replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '');
  const lines = [before === null ? '--- /dev/null' : `--- ${quoted(`a/${path}`)}`, `+++ ${quoted(`b/${path}`)}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`, ...body);
  }
  return `${lines.join('\n')}\n`;
}

/** An empty range is said to start at the line before it. */
function range(start: number, count: number): string {
  if (count === 1) return String(start);
  return count === 0 ? `${Math.max(0, start - 1)},0` : `${start},${count}`;
}

/** Names with quotes, backslashes or control characters in C notation, as git writes them; one with blanks ends in a tab. */
function quoted(path: string): string {
  if (/["\\\x00-\x1f\x7f]/.test(path)) {
    const escaped = path.replace(/["\\\x00-\x1f\x7f]/g, (character) =>
      character === '"' || character === '\\'
        ? `\\${character}`
        : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
    );
    return `"${escaped}"`;
  }
  return path.includes(' ') ? `${path}\t` : path;
}
