/** A new instruction above one that is there. */
import type { Dockerfile, Instruction } from '../syntax/tree';
import { indentOf, insert } from './edits';
import type { Edit } from './rule';

/** Inserts an instruction above another and the comments that stand right above that, with the same indentation. */
export function insertAbove(file: Dockerfile, instruction: Instruction, text: string): Edit {
  const indent = indentOf(file, instruction);
  return insert(startWithComments(file, instruction) + indent.length, `${text}${file.eol}${indent}`);
}

/** The start of the first line of the comments right above an instruction, of its own line where there are none. */
function startWithComments({ lines, text }: Dockerfile, { precedingComments, line, span }: Instruction): number {
  let first = line;
  const indent = text.slice(lines.lineStart(line), span.start);
  for (const comment of [...precedingComments].reverse()) {
    const isAlike = text.slice(lines.lineStart(comment.line), comment.span.start) === indent;
    if (comment.line !== first - 1 || !isAlike) break;
    first = comment.line;
  }
  return lines.lineStart(first);
}
