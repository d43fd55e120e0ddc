/** Taking a command, or one of its words, out of a script without touching the rest. */
import type { ShellCommand, ShellScript, ShellWord } from '../shell/script';

/** Offsets in a script's text. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The command with the `&&` before it, or behind it where it is the first: removing it leaves a list that runs the others
 * as before. Null where the command is not a plain member of a list joined by `&&` alone, where it is the only one, or
 * where a comment stands in what would go.
 */
export function droppableSpan(script: ShellScript, command: ShellCommand): TextSpan | null {
  const statement = script.statements[command.statement];
  if (!statement || command.nesting !== 'top') return null;
  const index = statement.pipelines.findIndex(
    (pipeline) => pipeline.start <= command.start && command.end <= pipeline.end,
  );
  const pipeline = statement.pipelines[index];
  if (pipeline?.kinds.length !== 1 || pipeline.negated) return null;
  // `a && b || c`: what is left of `||` decides about c.
  if (statement.operators.some((operator) => operator !== '&&')) return null;
  const before = statement.pipelines[index - 1];
  const after = statement.pipelines[index + 1];
  if (before) return { start: before.end, end: pipeline.end };
  return after ? { start: pipeline.start, end: after.start } : null;
}

/** A word with the blanks before it. */
export function wordWithBlanks(script: ShellScript, word: ShellWord): TextSpan {
  let { start } = word;
  while (/\s/.test(script.text[start - 1] ?? '')) start--;
  return { start, end: word.end };
}
