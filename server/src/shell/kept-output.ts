/** Whether anybody reads or keeps what a command prints, so that other words make a difference. */
import type { ShellCommand, ShellRedirect, ShellScript } from './script';

/** `errors` is what goes to the second descriptor alone; `any` what goes to the first as well. */
export type OutputChannel = 'errors' | 'any';

/** True where the output may reach a file, a variable or another program; false where it surely ends in the build's log. */
export function isOutputKept(script: ShellScript, command: ShellCommand, channel: OutputChannel): boolean {
  const keeps = (redirect: ShellRedirect): boolean => keepsOutput(redirect, channel);
  if (command.redirects.some(keeps) || command.nesting === 'function') return true;
  if (channel === 'any' && command.nesting === 'substitution') return true;
  const opened = script.commands.some(
    ({ name, args, start, redirects }) =>
      start < command.start && name === 'exec' && args.length === 0 && redirects.some(keeps),
  );
  if (opened) return true;
  // A nested shell prints to where the command goes that starts it.
  const around = script.commands.filter(
    (other) => other !== command && other.start < command.start && other.end >= command.end,
  );
  if (around.some((other) => other.redirects.some(keeps))) return true;
  const statement = script.statements[command.statement];
  const pipeline = statement?.pipelines.find((one) => one.start <= command.start && command.end <= one.end);
  if (!pipeline) return true;
  const text = script.text.slice(command.end, pipeline.end);
  const isPiped = pipeline.commands.includes(command) ? pipeline.commands.at(-1) !== command : text.includes('|');
  if (isPiped && (channel === 'any' ? pipeline.kinds.length > 1 || command.nesting !== 'top' : /\|&|2>&1/.test(text)))
    return true;
  return script.blockRedirects.some(
    (redirect) => redirect.start >= command.end && redirect.start < pipeline.end && keeps(redirect),
  );
}

function keepsOutput({ operator, descriptor, target }: ShellRedirect, channel: OutputChannel): boolean {
  if (!operator.includes('>') || operator === '<>') return false;
  const isBoth = operator.startsWith('&>') || (operator === '>&' && descriptor === null);
  if (channel === 'errors' && descriptor !== 2 && !isBoth) return false;
  return (
    !/^(?:\/dev\/(?:null|stdout|stderr|tty)|-|[12])$/.test(target?.unquoted ?? '') ||
    (operator === '>&' && channel === 'errors')
  );
}
