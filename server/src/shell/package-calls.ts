/** Package-manager calls in a script: which manager, doing what, with which options and packages. */
import type { Grammar } from './grammar';
import { findInvocations, type Invocation } from './invocations';
import { makeOperand } from './operands';
import { type ReadOptions, readOptions } from './options';
import type { PackageAction, PackageCall, PackageFlag, PackageOperand } from './packages';
import type { ShellCommand, ShellScript, ShellWord } from './script';

const found = new WeakMap<ShellScript, readonly PackageCall[]>();

/** The calls of package managers in source order. Kept per script. */
export function packageCalls(script: ShellScript): readonly PackageCall[] {
  let calls = found.get(script);
  if (calls === undefined) {
    // A function of the script that is called like a package manager stands in its place.
    const own = new Set(script.functions.map(({ name }) => name));
    const programs = script.commands.filter(({ name }) => name === null || !own.has(name));
    calls = programs.flatMap((command) => callsOf(command, script));
    found.set(script, calls);
  }
  return calls;
}

function callsOf(command: ShellCommand, script: ShellScript): PackageCall[] {
  return findInvocations(command).map((invocation) => {
    const { grammar, args } = invocation;
    if (grammar.manager === 'pacman') return pacmanCall(command, invocation, script);
    const options = readOptions(args, grammar);
    const { path, operands } = findSubcommand(options, grammar);
    const subcommand = path.map((word) => word.unquoted).join(' ');
    const action = actionOf(subcommand, options, grammar);
    return makeCall(command, invocation, script, { action, subcommand, path, operands, flags: options.flags });
  });
}

interface Reading {
  readonly action: PackageAction;
  readonly subcommand: string;
  readonly path: readonly ShellWord[];
  readonly operands: readonly ShellWord[];
  readonly flags: readonly PackageFlag[];
}

function makeCall(command: ShellCommand, invocation: Invocation, script: ShellScript, reading: Reading): PackageCall {
  const { grammar, nameWords, args } = invocation;
  const { action, subcommand, path, flags } = reading;
  const first = nameWords[0];
  const last = path.at(-1) ?? nameWords.at(-1);
  return {
    manager: grammar.manager,
    action,
    subcommand,
    command,
    nameSpan: first && last ? script.map.span(first.start, Math.max(last.end, first.end)) : command.span,
    flags,
    operands: reading.operands,
    packages: takesPackages.has(action) && !grammar.goals ? packagesOf(reading.operands, flags, grammar) : [],
    opaque: invocation.opaque || hasHiddenWords(args, flags),
  };
}

const takesPackages: ReadonlySet<PackageAction> = new Set<PackageAction>(['install', 'upgrade', 'remove', 'download']);

/** Whether a word may become several, or an option: an expansion at its very start, not quoted or of a list. */
function mayHideWords(word: ShellWord): boolean {
  if (word.kind !== 'expansion' || !/^[$`]/.test(word.unquoted)) return false;
  return !word.text.startsWith('"') || /\$@|\$\{\w*\[?@/.test(word.text);
}

/** Options and operands whose words are not known; the value of an option is one word whatever it is. */
function hasHiddenWords(args: readonly ShellWord[], flags: readonly PackageFlag[]): boolean {
  const values = new Set(flags.map((flag) => flag.valueWord));
  return args.some((word) => !values.has(word) && mayHideWords(word));
}

function packagesOf(operands: readonly ShellWord[], flags: readonly PackageFlag[], grammar: Grammar): PackageOperand[] {
  const version = flags.find((flag) => grammar.versionOptions?.includes(flag.name))?.value ?? null;
  return operands.map((word) => makeOperand(word, grammar.operands, version));
}

const tables = new Map<Grammar, ReadonlyMap<string, PackageAction>>();

/** Subcommands and the first words of those with several words (these lead to null). */
function actionTable(grammar: Grammar): ReadonlyMap<string, PackageAction> {
  let table = tables.get(grammar);
  if (table === undefined) {
    const entries = Object.entries(grammar.actions) as [PackageAction, readonly string[]][];
    table = new Map(entries.flatMap(([action, names]) => names.map((name): [string, PackageAction] => [name, action])));
    tables.set(grammar, table);
  }
  return table;
}

function isStartOfSubcommand(path: string, table: ReadonlyMap<string, PackageAction>): boolean {
  for (const name of table.keys()) if (name.startsWith(`${path} `)) return true;
  return false;
}

/** Takes the words of the subcommand from the front of the operands. */
function findSubcommand(options: ReadOptions, grammar: Grammar): { path: ShellWord[]; operands: ShellWord[] } {
  const table = actionTable(grammar);
  const operands = [...options.operands];
  if (grammar.goals) return { path: operands, operands: [] };
  // `apt-get $OPTIONS install x`: the expansion stands for options.
  while (operands[0] && mayHideWords(operands[0]) && operands.slice(1).some((word) => table.has(word.unquoted)))
    operands.shift();
  const path: ShellWord[] = [];
  let name = '';
  for (;;) {
    const word = operands[0];
    if (word === undefined || word.value === null) break;
    const next = name === '' ? word.unquoted : `${name} ${word.unquoted}`;
    const isKnown = table.has(next) || isStartOfSubcommand(next, table);
    if (!isKnown && name !== '') break;
    path.push(word);
    operands.shift();
    name = next;
    if (!isKnown || !isStartOfSubcommand(next, table)) break;
  }
  return insertedOperand(path, operands, grammar);
}

/** `dotnet add src/app.csproj package X`: the project stands in the middle of the subcommand. */
function insertedOperand(
  path: ShellWord[],
  operands: ShellWord[],
  grammar: Grammar,
): { path: ShellWord[]; operands: ShellWord[] } {
  const [only] = path;
  const isSplit = grammar.manager === 'dotnet' && path.length === 1 && /^(add|remove)$/.test(only?.unquoted ?? '');
  if (isSplit && only && operands[1]?.unquoted === 'package')
    return { path: [only, operands[1]], operands: operands.slice(2) };
  return { path, operands };
}

const asksOnly = new Set(['--version', '--help', '-h', '-V']);

function actionOf(subcommand: string, options: ReadOptions, grammar: Grammar): PackageAction {
  const table = actionTable(grammar);
  if (grammar.goals) return goalAction(options.operands, grammar, table);
  if (options.flags.some((flag) => flag.name === '--help')) return 'other';
  if (subcommand === '') {
    const isQuestion = options.flags.some((flag) => asksOnly.has(flag.name) || flag.name === '-v');
    const isHidden = options.operands.length > 0;
    return isQuestion || isHidden ? 'other' : grammar.bare;
  }
  const action = table.get(subcommand);
  if (action === undefined) return isStartOfSubcommand(subcommand, table) ? 'other' : grammar.unknown;
  // `gem sources -c` empties the cache, `dotnet nuget locals all --list` only lists.
  if (grammar.manager === 'gem' && action === 'configure' && hasFlag(options, '-c', '--clear-all')) return 'clean';
  if (grammar.manager === 'dotnet' && subcommand === 'nuget locals' && !hasFlag(options, '--clear', '-c'))
    return 'other';
  if (
    grammar.manager === 'deno' &&
    action === 'upgrade' &&
    subcommand === 'outdated' &&
    !hasFlag(options, '--update', '-u')
  )
    return 'other';
  return action;
}

function hasFlag(options: ReadOptions, ...names: readonly string[]): boolean {
  return options.flags.some((flag) => names.includes(flag.name));
}

/** The action of a list of goals: that of the strongest one, `clean package` builds. */
function goalAction(
  goals: readonly ShellWord[],
  grammar: Grammar,
  table: ReadonlyMap<string, PackageAction>,
): PackageAction {
  if (goals.length === 0) return grammar.bare;
  const actions = goals.map((goal) => table.get(normalGoal(goal.unquoted)) ?? grammar.unknown);
  for (const action of ['build', 'run', 'download', 'clean'] as const) if (actions.includes(action)) return action;
  return actions[0] ?? grammar.bare;
}

/** `org.apache.maven.plugins:maven-dependency-plugin:3.1:go-offline` is `dependency:go-offline`, `:app:clean` is `clean`. */
function normalGoal(goal: string): string {
  const plugin = /^org\.apache\.maven\.plugins:maven-([\w-]+)-plugin(?::[\w.-]+)?:([\w-]+)/.exec(goal);
  if (plugin) return `${plugin[1]}:${plugin[2]}`;
  const task = /^:(?:[\w.-]+:)*([\w.-]+)$/.exec(goal);
  return task?.[1] ?? goal;
}

/** pacman's operations are capital letters of an option (`-Syu`), their modifiers the small ones beside them. */
function pacmanCall(command: ShellCommand, invocation: Invocation, script: ShellScript): PackageCall {
  const { grammar, args } = invocation;
  const { flags, operands } = readOptions(args, grammar);
  const operation = flags.find((flag) =>
    /^-[SURQDFT]$|^--(sync|upgrade|remove|query|database|files|deptest)$/.test(flag.name),
  );
  const has = (short: string, long: string): boolean => flags.some((flag) => flag.name === short || flag.name === long);
  const isQuestion =
    has('-s', '--search') ||
    has('-i', '--info') ||
    has('-l', '--list') ||
    has('-g', '--groups') ||
    has('-p', '--print');
  let action: PackageAction = 'other';
  switch (operation?.name) {
    case '-S':
    case '--sync':
      if (has('-c', '--clean')) action = 'clean';
      else if (isQuestion) action = 'other';
      else if (operands.length > 0) action = has('-w', '--downloadonly') ? 'download' : 'install';
      else if (has('-u', '--sysupgrade')) action = 'upgrade';
      else action = has('-y', '--refresh') ? 'update-index' : 'other';
      break;
    case '-U':
    case '--upgrade':
      action = 'install';
      break;
    case '-R':
    case '--remove':
      action = 'remove';
      break;
    default:
      break;
  }
  const path = operation ? [operation.word] : [];
  const subcommand = operation?.word.unquoted ?? '';
  return makeCall(command, invocation, script, { action, subcommand, path, operands, flags });
}
