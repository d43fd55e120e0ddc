/** Takes one name-value pair out of an ENV, ARG or LABEL, and the whole instruction where it is the only one. */
import type { Dockerfile, Instruction, Pair } from '../syntax/tree';
import { remove, removeInstruction } from './edits';
import type { Edit } from './rule';

/** The edit that removes a pair; comments above a last pair go with it, all others stay. */
export function removePair(file: Dockerfile, instruction: Instruction, pair: Pair): Edit {
  const { pairs, raw, innerComments } = instruction.body;
  if (pairs.length === 1) return removeInstruction(file, instruction);
  const index = pairs.indexOf(pair);
  const before = pairs[index - 1];
  const after = pairs[index + 1];
  const wide = after
    ? { from: pair.span.from, to: after.span.from }
    : { from: before?.span.to ?? pair.span.from, to: pair.span.to };
  const hasComment = innerComments.some(({ from }) => from >= wide.from && from < wide.to);
  if (!hasComment || !after) return remove(instruction.at(wide));
  // A comment stands between: the pair goes with its line, or alone where others share the line.
  const lineStart = raw.lastIndexOf('\n', pair.span.from - 1) + 1;
  const newline = raw.indexOf('\n', pair.span.to);
  const isOwnLine =
    lineStart > 0 &&
    newline >= 0 &&
    raw.slice(lineStart, pair.span.from).trim() === '' &&
    /^[ \t]*[\\`]?[ \t]*\r?$/.test(raw.slice(pair.span.to, newline));
  return remove(instruction.at(isOwnLine ? { from: lineStart, to: newline + 1 } : pair.span));
}
