/** Scripts for tests: parsed from plain strings, shown as short lines. */
import { shiftedMap } from '../../server/src/shell/maps';
import { parseScript } from '../../server/src/shell/parse';
import type { ShellCommand, ShellDialect, ShellScript } from '../../server/src/shell/script';

/** Parses a text that stands for itself. */
export function script(text: string, dialect: ShellDialect = 'posix'): ShellScript {
  return parseScript(text, shiftedMap(0), dialect);
}

/** `nesting connector name args`, the first two left out where they are 'top' and ''. */
export function shown(command: ShellCommand): string {
  const where = command.nesting === 'top' ? [] : [`(${command.nesting})`];
  const connector = command.connector === '' ? [] : [JSON.stringify(command.connector).slice(1, -1)];
  const assignments = command.assignments.map(({ name, value }) => `${name}=${value?.text ?? '(…)'}`);
  const prefixes = command.prefixes.length > 0 ? [`[${command.prefixes.join(' ')}]`] : [];
  const name = command.nameWord === null ? [] : [command.name ?? `?${command.nameWord.text}`];
  const words = [...where, ...connector, ...assignments, ...prefixes, ...name, ...command.args.map((arg) => arg.text)];
  return words.join(' ');
}
