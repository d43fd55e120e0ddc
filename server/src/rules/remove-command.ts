/** Takes a command out of a chain of `&&`, with the operator that joins it, and leaves comments where they are. */
import type { Step } from '../model/model';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { remove, replace } from './edits';
import type { Edit } from './rule';

/**
 * The edit that removes a command which stands alone at the top level of its script, so that everything else runs as
 * before where the command would have succeeded. Null where it is joined by anything but `&&`, or is all there is.
 */
export function removeCommand(file: Dockerfile, step: Step, script: ShellScript, command: ShellCommand): Edit | null {
  if (script.form === 'exec' || command.nesting !== 'top' || command.quoted || command.redirects.length > 0)
    return null;
  const statement = script.statements[command.statement];
  if (!statement || statement.terminator === '&') return null;
  const { pipelines, operators } = statement;
  const index = pipelines.findIndex((one) => one.commands.includes(command));
  const pipeline = pipelines[index];
  if (!pipeline || pipeline.negated || pipeline.kinds.length !== 1) return null;
  if (operators.slice(0, index).some((operator) => operator !== '&&')) return null;
  const start = step.at(pipeline.span).start;
  const next = pipelines[index + 1];
  if (next) return operators[index] === '&&' ? removeUpTo(file, start, step.at(next.span).start) : null;
  const before = pipelines[index - 1];
  if (before) return remove({ start: step.at(before.span).end, end: step.at(pipeline.span).end });
  const following = script.statements[command.statement + 1];
  if (!following) return null;
  if (statement.terminator === ';') return removeUpTo(file, start, step.at(following.span).start);
  return script.form === 'heredoc' ? removeLine(file, start, step.at(following.span).start) : null;
}

/** Removes up to the next command; a comment in between stays, on its own line. */
function removeUpTo(file: Dockerfile, start: number, end: number): Edit | null {
  const text = file.text.slice(start, end);
  if (!/^[ \t]*#/m.test(text)) return remove({ start, end });
  const firstBreak = text.search(/[ \t]*[\\`][ \t]*\r?\n/);
  if (firstBreak < 0) return null;
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  const head = file.text.slice(lineStart, start);
  const isOperatorFirst = /&&[ \t]*$/.test(text);
  // A line that held nothing else goes, with the operator that stands before the command on it.
  const isWholeLine = isOperatorFirst ? /^[ \t]*&&[ \t]*$/.test(head) : /^[ \t]*$/.test(head);
  if (isWholeLine) return remove({ start: lineStart, end: start + text.indexOf('\n') + 1 });
  if (/&&[ \t]*$/.test(head)) return null;
  // Behind `RUN` the continuation stays: `RUN \`.
  const rest = text.slice(firstBreak).replace(/^[ \t]+/, '');
  return replace({ start, end }, isOperatorFirst ? rest.replace(/&&[ \t]*$/, '') : rest);
}

/** Removes a line of a heredoc that holds nothing but the command. */
function removeLine(file: Dockerfile, start: number, end: number): Edit | null {
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  const isAlone = /^[ \t]*$/.test(file.text.slice(lineStart, start)) && !file.text.slice(start, end).includes('#');
  return isAlone ? remove({ start: lineStart, end: file.text.lastIndexOf('\n', end - 1) + 1 }) : null;
}
