/** The command line as data: which commands and options there are, and what was asked for. Pure. */
import { parseArgs } from 'node:util';
import * as l10n from '@vscode/l10n';
import { nearestName } from '../rules/catalogue';
import type { Builder } from '../rules/config';
import type { Severity } from '../rules/rule';

export type CommandName = 'check' | 'fix' | 'optimize' | 'layers' | 'rules' | 'explain' | 'lsp';
export type Format = 'text' | 'json' | 'sarif' | 'github';

/** What the options say, defaults filled in. */
export interface Options {
  readonly builder: Builder | null;
  readonly context: string | null;
  readonly config: string | null;
  readonly select: readonly string[] | null;
  readonly ignore: readonly string[];
  readonly all: boolean;
  /** Null where nothing was said: then the configuration file may. */
  readonly failOn: Severity | null;
  readonly shellcheck: boolean;
  readonly stdinFilename: string | null;
  readonly format: Format;
  readonly suggestions: boolean;
  readonly stdout: boolean;
  readonly diff: boolean;
  readonly json: boolean;
  readonly backup: boolean;
}

export type Invocation =
  | {
      readonly kind: 'run';
      readonly command: CommandName;
      readonly options: Options;
      readonly operands: readonly string[];
    }
  | { readonly kind: 'help'; readonly command: CommandName | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'error'; readonly message: string; readonly command: CommandName | null };

/** How many operands a command takes. */
interface CommandShape {
  readonly least: number;
  readonly most: number;
}

export const commands: Readonly<Record<CommandName, CommandShape>> = {
  check: { least: 1, most: Number.POSITIVE_INFINITY },
  fix: { least: 1, most: Number.POSITIVE_INFINITY },
  optimize: { least: 1, most: 1 },
  layers: { least: 1, most: 1 },
  rules: { least: 0, most: 0 },
  explain: { least: 1, most: 1 },
  lsp: { least: 0, most: 0 },
};

/** An option: a flag, or one that takes a value. */
export interface OptionShape {
  /** What stands for the value in a help text; null for a flag. */
  readonly value: string | null;
  readonly choices?: readonly string[];
  /** The commands that have it; all of them where not given. */
  readonly only?: readonly CommandName[];
  /** May be given several times. */
  readonly multiple?: boolean;
  /** Not in the help texts: what editors add on their own when they start a server. */
  readonly hidden?: boolean;
}

const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

export const optionShapes = {
  format: { value: 'FORMAT', choices: ['text', 'json', 'sarif', 'github'], only: ['check'] },
  suggestions: { value: null, only: ['fix'] },
  stdout: { value: null, only: ['fix', 'optimize'] },
  diff: { value: null, only: ['fix', 'optimize'] },
  json: { value: null, only: ['optimize', 'layers', 'rules'] },
  backup: { value: null, only: ['optimize'] },
  stdio: { value: null, only: ['lsp'] },
  'node-ipc': { value: null, only: ['lsp'], hidden: true },
  socket: { value: 'PORT', only: ['lsp'], hidden: true },
  pipe: { value: 'NAME', only: ['lsp'], hidden: true },
  clientProcessId: { value: 'ID', only: ['lsp'], hidden: true },
  builder: { value: 'BUILDER', choices: ['buildkit', 'legacy'] },
  context: { value: 'DIR' },
  config: { value: 'FILE' },
  select: { value: 'IDS', multiple: true },
  ignore: { value: 'IDS', multiple: true },
  all: { value: null },
  'fail-on': { value: 'SEVERITY', choices: severities },
  shellcheck: { value: null },
  'stdin-filename': { value: 'NAME' },
  help: { value: null },
  version: { value: null },
} as const satisfies Record<string, OptionShape>;

export type OptionName = keyof typeof optionShapes;

/** Reads the arguments behind the program's name. */
export function parseArguments(argv: readonly string[]): Invocation {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(optionShapes).map(([name, shape]) => [
        name,
        { type: shape.value === null ? 'boolean' : 'string' },
      ]),
    ) as Record<string, { type: 'boolean' | 'string' }>,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<OptionName, string[]>();
  const operands: string[] = [];
  let command: CommandName | null = null;
  let error: string | null = null;
  const refuse = (message: string) => {
    error ??= message;
  };
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (command !== null) operands.push(token.value);
      else if (Object.hasOwn(commands, token.value)) command = token.value as CommandName;
      else return { kind: 'error', message: unknownCommand(token.value), command: null };
    } else if (token.kind === 'option') {
      const name = token.rawName === '-h' ? 'help' : token.name;
      if (!isOption(name) || !(token.rawName === '-h' || token.rawName.startsWith('--'))) {
        refuse(unknownOption(token.rawName));
        continue;
      }
      const wrong = checkValue(name, token.rawName, token.value, token.inlineValue);
      if (wrong === null) values.set(name, [...(values.get(name) ?? []), token.value ?? '']);
      else refuse(wrong);
    }
  }
  if (values.has('help')) return { kind: 'help', command };
  if (values.has('version')) return { kind: 'version' };
  if (error !== null) return { kind: 'error', message: error, command };
  if (command === null) return { kind: 'error', message: l10n.t('which command?'), command };
  const misplaced = [...values.keys()].find((name) => !optionsOf(command).includes(name));
  const message = misplaced
    ? l10n.t('`{0}` has no option `--{1}`', command, misplaced)
    : (checkOperands(command, operands) ?? checkTogether(command, values, operands));
  if (message !== null) return { kind: 'error', message, command };
  return { kind: 'run', command, options: readOptions(values), operands };
}

/** The options that a command has. */
export function optionsOf(command: CommandName): OptionName[] {
  return (Object.keys(optionShapes) as OptionName[]).filter((name) => {
    const shape: OptionShape = optionShapes[name];
    return shape.only?.includes(command) ?? true;
  });
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(optionShapes, name);
}

/** What is wrong with an option's value; null where nothing is. */
function checkValue(
  name: OptionName,
  written: string,
  value: string | undefined,
  isInline: boolean | undefined,
): string | null {
  const shape: OptionShape = optionShapes[name];
  if (shape.value === null) return value === undefined ? null : l10n.t('`{0}` takes no value', written);
  if (value === undefined || (!isInline && value.startsWith('--'))) return l10n.t('`{0}` needs a value', written);
  if (!shape.choices || shape.choices.includes(value)) return null;
  return l10n.t('`{0}` cannot be `{1}`; it is one of {2}', written, value, shape.choices.join(', '));
}

function checkOperands(command: CommandName, operands: readonly string[]): string | null {
  const { least, most } = commands[command];
  if (operands.length < least)
    return command === 'explain'
      ? l10n.t('`{0}` needs the id of a rule', command)
      : l10n.t('`{0}` needs a PATH', command);
  if (operands.length <= most) return null;
  return most === 0
    ? l10n.t('`{0}` takes no operand, but got `{1}`', command, operands[0] ?? '')
    : l10n.t('`{0}` takes one operand, but got {1}', command, operands.length);
}

/** Options that say different things about where the result goes. */
function checkTogether(
  command: CommandName,
  values: ReadonlyMap<OptionName, readonly string[]>,
  operands: readonly string[],
): string | null {
  const outputs = (['stdout', 'diff', 'json'] as const).filter((name) => values.has(name));
  if (outputs.length > 1) return l10n.t('`--{0}` and `--{1}` exclude each other', outputs[0] ?? '', outputs[1] ?? '');
  if (values.has('backup') && outputs.length > 0)
    return l10n.t('`--{0}` and `--{1}` exclude each other', 'backup', outputs[0] ?? '');
  if (command === 'fix' && values.has('stdout') && operands.length > 1)
    return l10n.t('`--stdout` takes one PATH, but got {0}', operands.length);
  return null;
}

function readOptions(values: ReadonlyMap<OptionName, readonly string[]>): Options {
  const last = (name: OptionName) => values.get(name)?.at(-1) ?? null;
  const ids = (name: OptionName) => values.get(name)?.flatMap((list) => list.split(/[\s,]+/).filter(Boolean));
  return {
    builder: last('builder') as Builder | null,
    context: last('context'),
    config: last('config'),
    select: ids('select') ?? null,
    ignore: ids('ignore') ?? [],
    all: values.has('all'),
    failOn: last('fail-on') as Severity | null,
    shellcheck: values.has('shellcheck'),
    stdinFilename: last('stdin-filename'),
    format: (last('format') ?? 'text') as Format,
    suggestions: values.has('suggestions'),
    stdout: values.has('stdout'),
    diff: values.has('diff'),
    json: values.has('json'),
    backup: values.has('backup'),
  };
}

function unknownCommand(name: string): string {
  const near = nearestName(name, Object.keys(commands));
  if (near) return l10n.t('there is no command `{0}`; did you mean `{1}`?', name, near);
  const isPath = /[/.]|file$/i.test(name);
  return isPath
    ? l10n.t('there is no command `{0}`; did you mean `check {0}`?', name)
    : l10n.t('there is no command `{0}`', name);
}

function unknownOption(written: string): string {
  const visible = Object.entries(optionShapes).filter(([, shape]) => !('hidden' in shape));
  const near = nearestName(
    written.replace(/^-+/, ''),
    visible.map(([name]) => name),
  );
  return near
    ? l10n.t('there is no option `{0}`; did you mean `--{1}`?', written, near)
    : l10n.t('there is no option `{0}`', written);
}
