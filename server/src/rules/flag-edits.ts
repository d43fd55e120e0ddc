/** Edits of the `--name=value` words of an instruction. */
import type { Dockerfile, Flag, Instruction } from '../syntax/tree';
import { remove } from './edits';
import type { Edit } from './rule';

/** Takes a flag out, with the blanks behind it. */
export function removeFlag(file: Dockerfile, instruction: Instruction, flag: Flag): Edit {
  const { start, end } = instruction.at(flag.span);
  const blanks = /^[ \t]*/.exec(file.text.slice(end, instruction.span.end))?.[0].length ?? 0;
  return remove({ start, end: end + blanks });
}
