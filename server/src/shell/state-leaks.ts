/** What a script leaves behind in its shell: it would reach a second script that the same shell runs after it. */
import type { LocalSpan } from '../syntax/span';
import { changesDirectory } from './directories';
import { endsShell } from './joining';
import type { ShellCommand, ShellNesting, ShellScript } from './script';
import { programName } from './words';

export type LeakKind =
  /** cd, pushd, popd. */
  | 'directory'
  /** Assignments, export, read, unset, a loop's variable: `detail` is its name. */
  | 'variable'
  /** set and shopt: `detail` is what they were given. */
  | 'option'
  /** set -- …, shift. */
  | 'parameters'
  | 'umask'
  | 'trap'
  | 'alias'
  /** A function: `detail` is its name. */
  | 'function'
  /** exec with redirections only. */
  | 'redirect'
  | 'limit'
  /** `.` and source, eval: whatever that text does. */
  | 'source'
  /** exit without failure, exec of a program, return: what follows would not run. */
  | 'exit'
  /** `&`, coproc: it would go on while the next script runs. */
  | 'background'
  /** A daemon that goes on running (`service x start`). */
  | 'process'
  /** A command whose name is not known: it may be any of these. */
  | 'unknown';

export interface StateLeak {
  readonly kind: LeakKind;
  readonly detail: string;
  /** For variables: programs see it too. */
  readonly exported: boolean;
  readonly span: LocalSpan;
  readonly start: number;
  readonly end: number;
  /** The command behind it; null for a loop's variable, a function and the like. */
  readonly command: ShellCommand | null;
}

const found = new WeakMap<ShellScript, readonly StateLeak[]>();

/**
 * What would leak out of a script into one that follows it in the same shell, in source order. What happens in subshells,
 * pipes and substitutions stays there. An unknown script leaks something unknown. Kept per script.
 */
export function stateLeaks(script: ShellScript): readonly StateLeak[] {
  const known = found.get(script);
  if (known !== undefined) return known;
  const leaks = script.known ? findLeaks(script) : [leakOf('unknown', '', wholeOf(script), null)];
  found.set(script, leaks);
  return leaks;
}

function wholeOf(script: ShellScript): Placed {
  return { start: 0, end: script.text.length, span: script.map.span(0, script.text.length) };
}

type Placed = Pick<StateLeak, 'span' | 'start' | 'end'>;

function leakOf(
  kind: LeakKind,
  detail: string,
  place: Placed,
  command: ShellCommand | null,
  exported = false,
): StateLeak {
  const { span, start, end } = place;
  return { kind, detail, exported, span, start, end, command };
}

/** Where a change stays: in the shell that runs a pipe, a subshell or a substitution, not in the script's. */
const contained: ReadonlySet<ShellNesting> = new Set<ShellNesting>(['pipeline', 'subshell', 'substitution']);

function findLeaks(script: ShellScript): readonly StateLeak[] {
  const leaks: StateLeak[] = [];
  for (const change of script.variables) {
    if (!contained.has(change.nesting)) leaks.push(leakOf('variable', change.name, change, null, change.exported));
  }
  for (const made of script.functions) {
    if (!contained.has(made.nesting)) leaks.push(leakOf('function', made.name, made, null));
  }
  for (const statement of script.statements) {
    const isBackground =
      statement.terminator === '&' || statement.pipelines.some(({ kinds }) => kinds.includes('Coproc'));
    if (isBackground) leaks.push(leakOf('background', '', statement, null));
  }
  for (const command of script.commands) {
    if (!contained.has(command.nesting)) leaks.push(...leaksOf(command, script));
    if (startsProcess(command)) leaks.push(leakOf('process', command.name ?? '', command, command));
  }
  return leaks.sort((a, b) => a.start - b.start);
}

function leaksOf(command: ShellCommand, script: ShellScript): readonly StateLeak[] {
  const leak = (kind: LeakKind, detail = ''): StateLeak[] => [leakOf(kind, detail, command, command)];
  const { name, nameWord, args } = command;
  // In dash `&>` is `&` and `>`: the command goes to the background.
  const isSplit = script.dialect !== 'bash' && command.redirects.some(({ operator }) => operator.startsWith('&>'));
  if (isSplit) return leak('background');
  if (endsShell(command)) return leak('exit');
  if (nameWord === null) return [];
  if (name === null) return programName(nameWord) === null ? leak('unknown') : [];
  if (changesDirectory(command)) return leak('directory');
  const words = args.map((arg) => arg.text).join(' ');
  switch (name) {
    case 'set':
      return args.length === 0 ? [] : leak(setsParameters(command) ? 'parameters' : 'option', words);
    case 'shopt':
    case 'setopt':
    case 'enable':
      return leak('option', words);
    case 'shift':
      return leak('parameters');
    case 'umask':
      return args.some(({ unquoted }) => !unquoted.startsWith('-')) ? leak('umask', words) : [];
    case 'trap':
      return leak('trap');
    case 'alias':
    case 'unalias':
      return leak('alias');
    case 'exec':
      return leak('redirect');
    case 'ulimit':
      return leak('limit');
    case '.':
    case 'source':
    case 'eval':
      return leak('source');
    case 'break':
    case 'continue':
      return insideLoopOrFunction(command) ? [] : leak('exit');
    default:
      return [];
  }
}

function insideLoopOrFunction(command: ShellCommand): boolean {
  return command.nesting === 'function' || command.nesting === 'loop' || command.nesting === 'conditional';
}

/** `set -- a b` and `set a b`: anything that is no option. */
function setsParameters({ args }: ShellCommand): boolean {
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.unquoted ?? '';
    if (text === '--' || text === '-' || !/^[-+]/.test(text)) return true;
    if (/^[-+][A-Za-z]*o$/.test(text)) at++;
  }
  return false;
}

const daemons = new Set([
  'nginx',
  'apachectl',
  'apache2ctl',
  'httpd',
  'php-fpm',
  'crond',
  'cron',
  'sshd',
  'rsyslogd',
  'dbus-daemon',
  'gpg-agent',
  'ssh-agent',
  'mysqld_safe',
  'redis-server',
  'mongod',
  'dockerd',
  'memcached',
  'rpcbind',
  'named',
  'Xvfb',
]);

/** Whether a command leaves a program running. */
function startsProcess({ name, args, nameWord }: ShellCommand): boolean {
  const words = args.map((arg) => arg.unquoted);
  if (name === null) return false;
  if (nameWord !== null && /(^|\/)init\.d\//.test(nameWord.unquoted))
    return words.some((word) => word === 'start' || word === 'restart');
  if (
    [
      'service',
      'systemctl',
      'rc-service',
      'invoke-rc.d',
      'pg_ctl',
      'pg_ctlcluster',
      'supervisorctl',
      'initctl',
    ].includes(name)
  )
    return words.some((word) => word === 'start' || word === 'restart');
  if (name === 'start-stop-daemon') return words.includes('--start') || words.includes('-S');
  const isQuestion = words.some((word) => /^(-[tvVhT]|--version|--help|configtest|stop|-V)$/.test(word));
  return daemons.has(name) && !isQuestion;
}
