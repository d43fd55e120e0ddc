/** Takes the last commands of a script away. */
import type { Step } from '../model/model';
import type { ShellCommand, ShellScript } from '../shell/script';
import type { Dockerfile } from '../syntax/tree';
import { remove } from './edits';
import type { Edit } from './rule';

/** What is left of a script without its tail: nothing, or what an edit leaves. */
export type CutTail = { readonly isAll: true } | { readonly isAll: false; readonly edit: Edit };

/**
 * Removes a command at the top level of a script and all that follows it, with the operator before it. Null where the
 * operator is `||`, where a comment stands in what would go, or where the script is not one of a shell-form or heredoc RUN.
 */
export function cutTail(file: Dockerfile, step: Step, script: ShellScript, command: ShellCommand): CutTail | null {
  if (command.nesting !== 'top' || command.quoted || (script.form !== 'shell' && script.form !== 'heredoc'))
    return null;
  const statement = script.statements[command.statement];
  const last = script.statements.at(-1);
  const index = statement?.pipelines.findIndex(({ commands }) => commands.includes(command)) ?? -1;
  if (!statement || !last || index < 0) return null;
  if (statement.operators.slice(0, index).includes('||')) return null;
  const before = statement.pipelines[index - 1] ?? script.statements[command.statement - 1];
  if (!before) return { isAll: true };
  const at = step.at(command.span).start;
  const end = step.at(last.span).end;
  const start = step.at(before.span).end;
  if (script.form === 'heredoc' && index === 0) {
    // The line goes, comments above it stay.
    const newline = file.text.lastIndexOf('\n', at - 1);
    const isAlone = /^[ \t]*$/.test(file.text.slice(newline + 1, at));
    if (isAlone && newline >= start)
      return { isAll: false, edit: remove({ start: file.text[newline - 1] === '\r' ? newline - 1 : newline, end }) };
  }
  if (/\n[ \t]*#/.test(file.text.slice(start, end))) return null;
  return { isAll: false, edit: remove({ start, end }) };
}
