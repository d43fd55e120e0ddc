/** Moving whole instructions, with the comments right above them, to another place in the file. */
import type { Dockerfile, Instruction } from '../syntax/tree';
import { indentOf, insert, removeInstruction, replace } from './edits';
import type { Edit } from './rule';

/** An instruction with the comment lines directly above it, as it stands in the file. */
export function textWithComments(file: Dockerfile, instruction: Instruction): string {
  return file.text.slice(startWithComments(instruction), instruction.span.end);
}

/** Where an instruction, or the comments directly above it, begin. */
export function startWithComments(instruction: Instruction): number {
  return instruction.precedingComments[0]?.span.start ?? instruction.span.start;
}

/** Removes an instruction with the comments directly above it. */
export function removeWithComments(file: Dockerfile, instruction: Instruction): Edit {
  const removal = removeInstruction(file, instruction);
  const first = instruction.precedingComments[0];
  return first ? replace({ start: file.lines.lineStart(first.line), end: removal.span.end }, '') : removal;
}

/** Moves an instruction to right behind another one. */
export function moveBehind(file: Dockerfile, moved: Instruction, target: Instruction): Edit[] {
  const text = `${file.eol}${indentOf(file, target)}${textWithComments(file, moved)}`;
  return [removeWithComments(file, moved), insert(target.span.end, text)];
}

/** Moves instructions, in their order, to right before another one and its comments. */
export function moveBefore(file: Dockerfile, moved: readonly Instruction[], target: Instruction): Edit[] {
  const indent = indentOf(file, target);
  const text = moved.map((instruction) => `${textWithComments(file, instruction)}${file.eol}${indent}`).join('');
  return [
    ...moved.map((instruction) => removeWithComments(file, instruction)),
    insert(startWithComments(target), text),
  ];
}
