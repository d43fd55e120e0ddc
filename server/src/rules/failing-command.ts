/** Whether the failure of a command ends its RUN: then a build that succeeds tells that the command did. */
import type { RunStep } from '../model/model';
import type { ShellCommand, ShellScript } from '../shell/script';

/** Whether the RUN surely fails where the command does. */
export function failsTheRun(run: RunStep, script: ShellScript, command: ShellCommand): boolean {
  if (script.form === 'exec') return true;
  if (run.scripts.length > 1 && run.scripts.at(-1) !== script) return false;
  // What a trap does at the end decides over all of it.
  if (script.commands.some(({ name }) => name === 'trap')) return false;
  const statement = script.statements[command.statement];
  if (!statement || statement.terminator === '&' || command.nesting !== 'top') return false;
  const index = statement.pipelines.findIndex(({ commands }) => commands.includes(command));
  if (index < 0 || statement.pipelines[index]?.negated || statement.pipelines[index]?.kinds.length !== 1) return false;
  if (statement.operators.slice(index).includes('||')) return false;
  if (script.statements.at(-1) === statement) return true;
  // `a && b; c` with -e goes on where a fails; only the last of a list ends the shell.
  return stopsOnError(run, script, command) && index === statement.pipelines.length - 1;
}

function stopsOnError(run: RunStep, script: ShellScript, command: ShellCommand): boolean {
  if (script.commands.some(({ name, args }) => name === 'set' && args.some(({ text }) => text.startsWith('+'))))
    return false;
  if (script.form !== 'json' && (run.before.shell ?? []).some((word) => /^-[a-z]*e/.test(word))) return true;
  return script.commands.some(
    (one) =>
      one.name === 'set' &&
      one.nesting === 'top' &&
      // In a list it may never be reached.
      one.connector !== '&&' &&
      one.connector !== '||' &&
      one.start < command.start &&
      one.args.some(({ value }) => /^-[a-z]*e/.test(value ?? '')),
  );
}
