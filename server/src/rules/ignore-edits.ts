/** Edits of ignore comments: one name goes, or the whole comment where it is the last. */
import type { Dockerfile } from '../syntax/tree';
import { remove } from './edits';
import type { Edit } from './rule';
import type { SuppressedName, SuppressionComment } from './suppress';

/** Takes a name out of a comment; null where that is not a matter of cutting. */
export function removeName(dockerfile: Dockerfile, comment: SuppressionComment, name: SuppressedName): Edit | null {
  const { text } = dockerfile;
  const index = comment.names.indexOf(name);
  const next = comment.names[index + 1];
  const last = comment.names[index - 1];
  if (next) return remove({ start: name.span.start, end: next.span.start });
  if (last) return remove({ start: last.span.end, end: name.span.end });
  if (comment.dialect !== 'buildkit') return removeLine(dockerfile, comment);
  // Other options may stand beside `skip=NAME`.
  const before = text.slice(comment.span.start, name.span.start);
  const behind = text.slice(name.span.end, comment.span.end);
  const key = /(^#\s*check\s*=\s*|;)(\s*skip\s*=\s*)$/i.exec(before);
  if (!key) return null;
  const separator = /^\s*;\s*/.exec(behind);
  const from = name.span.start - (key[2]?.length ?? 0);
  if (separator) return remove({ start: from, end: name.span.end + separator[0].length });
  if (key[1] === ';') return remove({ start: from - 1, end: name.span.end });
  return behind.trim() === '' ? removeLine(dockerfile, comment) : null;
}

/** A comment stands on a line of its own; what is left of the line goes with it. */
function removeLine({ text, lines }: Dockerfile, { span }: SuppressionComment): Edit {
  const line = lines.lineAt(span.start);
  const start = line === 0 && text.startsWith('\uFEFF') ? 1 : lines.lineStart(line);
  if (line + 1 < lines.lineCount) return remove({ start, end: lines.lineStart(line + 1) });
  // On the last line the end of the line before goes, so that the file ends as it did.
  const before = text.slice(0, start);
  const eol = /\r?\n$/.exec(before)?.[0].length ?? 0;
  return remove({ start: start - eol, end: text.length });
}
