/** Takes a command out of a chain of `&&`, with the operator that joins it, and leaves comments where they are. */
import type { Step } from '../model/model';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Span } from '../syntax/span';
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
  if (!following || statement.terminator !== ';') return null;
  return removeUpTo(file, start, step.at(following.span).start);
}

/** Removes up to the next command; a comment in between stays, on its own line. */
function removeUpTo(file: Dockerfile, start: number, end: number): Edit | null {
  const text = file.text.slice(start, end);
  if (!/^[ \t]*#/m.test(text)) return remove({ start, end });
  const firstBreak = text.search(/[ \t]*[\\`][ \t]*\r?\n/);
  if (firstBreak < 0) return null;
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  const isWholeLine = /^[ \t]*$/.test(file.text.slice(lineStart, start));
  // A line that held nothing else goes; behind `RUN` the continuation stays: `RUN \`.
  if (isWholeLine) return remove({ start: lineStart, end: start + text.indexOf('\n') + 1 });
  const rest = text.slice(firstBreak).replace(/^[ \t]+/, '');
  const span: Span = { start, end };
  return replace(span, rest);
}
