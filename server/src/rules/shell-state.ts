/**
 * What a script leaves behind in its shell: with one RUN a script it is gone when the RUN ends, in a merged RUN the scripts
 * behind it would see it. A subshell is only asked for where one of them could notice.
 */
import { type StateLeak, setsErrexit, stateLeaks } from '../shell/effects';
import type { ShellCommand, ShellNesting, ShellScript } from '../shell/script';

/** The nestings in which a command runs in the script's own shell. */
const ownShell: ReadonlySet<ShellNesting> = new Set(['top', 'group', 'loop', 'conditional', 'function']);

/** Whether a builtin in this command works on the script's own shell. */
export function isInOwnShell(command: ShellCommand): boolean {
  return ownShell.has(command.nesting) && (!command.quoted || command.name === 'eval');
}

/** A script that runs later in the same shell, or in a subshell of it. */
export interface LaterScript {
  readonly script: ShellScript;
  readonly isSubshell: boolean;
}

/** Whether the script leaves something behind that one of the later scripts could notice. `isEnvironment` tells names that programs see. */
export function leavesTraces(
  script: ShellScript,
  following: readonly LaterScript[],
  isEnvironment: (name: string) => boolean,
): boolean {
  return stateLeaks(script).some((leak) => isNoticed(leak, following, isEnvironment));
}

function isNoticed(
  leak: StateLeak,
  following: readonly LaterScript[],
  isEnvironment: (name: string) => boolean,
): boolean {
  const later = following.map((one) => one.script);
  switch (leak.kind) {
    case 'directory':
      return leak.command?.name !== 'cd' || !startsElsewhere(following);
    case 'option':
      return leak.command?.name !== 'set' || isOptionNoticed(leak.command, following);
    case 'variable':
      return leak.exported || isVariableNoticed(leak.detail, later, isEnvironment);
    // No subshell helps against these; they are obstacles.
    case 'background':
    case 'process':
      return false;
    default:
      return true;
  }
}

/** Whether every later script, up to the first that moves the shell itself, begins with `cd` to an absolute path. */
function startsElsewhere(following: readonly LaterScript[]): boolean {
  if (following.some(({ script }) => /\bOLDPWD\b|\bcd\s+-(?:\s|$)|~-/.test(script.text))) return false;
  for (const { script, isSubshell } of following) {
    if (!startsWithAbsoluteCd(script)) return false;
    if (!isSubshell) return true;
  }
  return true;
}

function startsWithAbsoluteCd(script: ShellScript): boolean {
  const [statement] = script.statements;
  const first = statement?.pipelines[0];
  const command = first?.commands[0];
  if (!first || !command || first.kinds.length !== 1 || first.kinds[0] !== 'Command' || first.negated) return false;
  if (command.name !== 'cd' || command.prefixes.length > 0 || command.redirects.length > 0) return false;
  // The rest must not run from the wrong place where the `cd` fails: it has to hang on it by `&&`.
  if (script.statements.length !== 1 || statement?.operators.some((operator) => operator !== '&&')) return false;
  return command.args.length === 1 && command.args[0]?.value?.startsWith('/') === true;
}

/** The options that a `set` switches on, by letter; null where it does anything else. */
export function optionsSet(command: ShellCommand): ReadonlySet<string> | null {
  const long: Readonly<Record<string, string>> = {
    errexit: 'e',
    nounset: 'u',
    xtrace: 'x',
    verbose: 'v',
    pipefail: 'P',
  };
  const found = new Set<string>();
  let expectsName = false;
  for (const { value } of command.args) {
    if (value === null) return null;
    if (expectsName) {
      const letter = long[value];
      if (letter === undefined) return null;
      found.add(letter);
      expectsName = false;
      continue;
    }
    if (/^\+[xv]+$/.test(value)) continue;
    if (!/^-[euxvo]+$/.test(value)) return null;
    for (const letter of value.slice(1)) {
      if (letter === 'o') expectsName = true;
      else found.add(letter);
    }
  }
  return expectsName ? null : found;
}

function isOptionNoticed(command: ShellCommand, following: readonly LaterScript[]): boolean {
  const options = optionsSet(command);
  if (options === null) return true;
  const later = unlessSetAgain(options, following);
  if (later.some((script) => script.commands.some((other) => /^(?:\.|source|eval|set|shopt)$/.test(other.name ?? ''))))
    return true;
  if (options.has('e') && !later.every(isErrexitProof)) return true;
  if (options.has('u') && later.some((script) => script.text.includes('$'))) return true;
  if (options.has('P') && later.some(hasPipe)) return true;
  // What -x and -v write goes to the standard error, which only a script that redirects it can tell.
  return (options.has('x') || options.has('v')) && later.some(redirectsErrors);
}

/** The scripts that an option reaches: not those that begin by setting it themselves, nor what follows the first of them. */
function unlessSetAgain(options: ReadonlySet<string>, following: readonly LaterScript[]): ShellScript[] {
  const reached: ShellScript[] = [];
  for (const { script, isSubshell } of following) {
    const first = script.statements[0]?.pipelines[0];
    const command = first?.kinds.length === 1 && !first.negated ? first.commands[0] : undefined;
    const own = command?.name === 'set' && command.redirects.length === 0 ? optionsSet(command) : null;
    const isSetAgain = own !== null && [...options].every((option) => own.has(option));
    if (!isSetAgain) reached.push(script);
    else if (!isSubshell) break;
  }
  return reached;
}

function hasPipe(script: ShellScript): boolean {
  return /(?:^|[^|])\|(?:[^|]|$)/.test(script.text);
}

function redirectsErrors(script: ShellScript): boolean {
  return /2>|&>|>&|\|&/.test(script.text.replace(/\b2>\s*\/dev\/null|1?>&2/g, ''));
}

/**
 * Whether `set -e` makes no difference to how a script ends: one list of plain commands joined by `&&`. Only such a
 * script may stand on the left of `&&`, where the shell ignores `-e` in everything.
 */
export function isErrexitProof(script: ShellScript): boolean {
  const [statement] = script.statements;
  if (!statement || script.statements.length !== 1 || statement.terminator === '&') return false;
  if (statement.operators.some((operator) => operator !== '&&')) return false;
  if (statement.pipelines.some((pipeline) => pipeline.kinds.some((kind) => kind !== 'Command'))) return false;
  return script.commands.every(
    (command) => command.quoted || command.nesting === 'top' || command.nesting === 'pipeline',
  );
}

/** Whether `-e` may be on while the script runs: by SHELL, by its own `set`, or by something that it sources. */
export function errexitSource(script: ShellScript, shell: readonly string[] | null): 'own' | 'sourced' | null {
  if (shell?.slice(1).some((word) => /^-[a-zA-Z]*e[a-zA-Z]*$/.test(word) || word === 'errexit')) return 'own';
  let sourced = false;
  for (const command of script.commands) {
    if (command.quoted) continue;
    if (setsErrexit(command) || (command.name === 'set' && command.args.some((arg) => arg.value === null)))
      return 'own';
    if (command.name === '.' || command.name === 'source' || command.name === 'eval') sourced = true;
  }
  return sourced ? 'sourced' : null;
}

function isVariableNoticed(
  name: string,
  later: readonly ShellScript[],
  isEnvironment: (name: string) => boolean,
): boolean {
  // Bases and ENV bring upper-case names that the shell hands on to programs once they are assigned, and proxies in lower case.
  if (isEnvironment(name) || /^[A-Z_][A-Z0-9_]*$/.test(name) || /_proxy$/.test(name)) return true;
  return later.some(
    (script) =>
      script.reads.has(name) ||
      script.commands.some((command) => /^(?:\.|source|eval)$/.test(command.name ?? '')) ||
      new RegExp(`\\b${name}\\b`).test(script.text.replace(/'[^']*'/g, '')),
  );
}
