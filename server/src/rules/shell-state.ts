/**
 * What a script leaves behind in its shell: with one RUN a script it is gone when the RUN ends, in a merged RUN the scripts
 * behind it would see it. Each trace says what it takes for a later script to notice, so that a subshell is only asked for
 * where it is needed.
 */
import type { ShellCommand, ShellNesting, ShellScript } from '../shell/script';

/** Something left behind that a later script would notice. */
export interface Trace {
  readonly kind: 'directory' | 'variable' | 'option' | 'function' | 'end' | 'other';
  /** As written, to be quoted. */
  readonly text: string;
}

/** The nestings in which a command runs in the script's own shell. */
const ownShell: ReadonlySet<ShellNesting> = new Set(['top', 'group', 'loop', 'conditional', 'function']);

/** Whether a builtin in this command works on the script's own shell. */
export function isInOwnShell(command: ShellCommand): boolean {
  return ownShell.has(command.nesting) && (!command.quoted || command.name === 'eval');
}

const others = new Set(
  'umask ulimit trap alias unalias shopt hash enable bind shift getopts times pushd popd dirs disown suspend fc'.split(
    ' ',
  ),
);
const variableBuiltins = new Set('export readonly declare typeset local unset read mapfile readarray let'.split(' '));

/** A script that runs later in the same shell, or in a subshell of it. */
export interface LaterScript {
  readonly script: ShellScript;
  readonly isSubshell: boolean;
}

/** What the script leaves behind that one of the later scripts could notice. `isEnvironment` tells names that programs see. */
export function tracesOf(
  script: ShellScript,
  following: readonly LaterScript[],
  isEnvironment: (name: string) => boolean,
): readonly Trace[] {
  const traces: Trace[] = [];
  const later = following.map((one) => one.script);
  for (const command of script.commands) {
    if (!isInOwnShell(command)) continue;
    const { name } = command;
    if (command.prefixes.includes('exec') || name === 'exec' || name === 'exit' || name === 'return') {
      traces.push({ kind: 'end', text: textOf(script, command) });
    } else if (name === 'cd') {
      if (!startsElsewhere(following)) traces.push({ kind: 'directory', text: textOf(script, command) });
    } else if (name === 'set') {
      if (isOptionNoticed(command, later)) traces.push({ kind: 'option', text: textOf(script, command) });
    } else if (name === '.' || name === 'source' || name === 'eval' || (name !== null && others.has(name))) {
      traces.push({ kind: 'other', text: textOf(script, command) });
    } else if (name !== null && variableBuiltins.has(name)) {
      traces.push({ kind: 'variable', text: textOf(script, command) });
    } else if (command.assignments.length > 0 && name === ':') {
      traces.push({ kind: 'variable', text: textOf(script, command) });
    }
  }
  for (const name of assignedNames(script))
    if (isVariableNoticed(name, later, isEnvironment)) traces.push({ kind: 'variable', text: name });
  if (definesFunction(script)) traces.push({ kind: 'function', text: '()' });
  return traces;
}

function textOf(script: ShellScript, command: ShellCommand): string {
  const text = script.text.slice(command.start, command.end).replace(/\s+/g, ' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
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

function isOptionNoticed(command: ShellCommand, later: readonly ShellScript[]): boolean {
  const options = optionsSet(command);
  if (options === null) return true;
  if (later.some((script) => script.commands.some((other) => /^(?:\.|source|eval|set|shopt)$/.test(other.name ?? ''))))
    return true;
  if (options.has('e') && !later.every(isErrexitProof)) return true;
  if (options.has('u') && later.some((script) => script.text.includes('$'))) return true;
  if (options.has('P') && later.some(hasPipe)) return true;
  // What -x and -v write goes to the standard error, which only a script that redirects it can tell.
  return (options.has('x') || options.has('v')) && later.some(redirectsErrors);
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
    if (
      command.name === 'set' &&
      command.args.some((arg) => arg.value === null || /^-[a-zA-Z]*e|^errexit$/.test(arg.value))
    )
      return 'own';
    if (command.name === '.' || command.name === 'source' || command.name === 'eval') sourced = true;
  }
  return sourced ? 'sourced' : null;
}

/** Variables that stay assigned in the script's shell; `A=1 command` and what happens in a subshell does not count. */
function assignedNames(script: ShellScript): ReadonlySet<string> {
  const passing = new Set<string>();
  const staying = new Set<string>();
  for (const command of script.commands) {
    const isPassing = command.nameWord !== null || !isInOwnShell(command);
    for (const { name } of command.assignments) (isPassing ? passing : staying).add(name);
  }
  const isHidden = /\$\{\w+:?=/.test(script.text);
  for (const name of script.assigns) if (isHidden || !passing.has(name)) staying.add(name);
  return staying;
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

function definesFunction(script: ShellScript): boolean {
  if (
    script.statements.some((statement) => statement.pipelines.some((pipeline) => pipeline.kinds.includes('Function')))
  )
    return true;
  return /(?:^|[\s;&|({])(?:function\s+[\w.-]+|[\w.-]+\s*\(\s*\))\s*[{(]/.test(script.text);
}
