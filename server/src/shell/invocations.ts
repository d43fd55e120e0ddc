/** Commands that run a package manager, by whatever way: `pip`, `python -m pip`, `sh gradlew`, `php composer.phar`, `npx yarn`. */
import type { Grammar } from './grammar';
import { grammarOf } from './grammars';
import type { ShellCommand, ShellWord } from './script';
import { programName } from './words';

export interface Invocation {
  readonly grammar: Grammar;
  /** The words that name the manager: `python`, `-m`, `pip`. */
  readonly nameWords: readonly ShellWord[];
  readonly args: readonly ShellWord[];
  /** More arguments may come from elsewhere (xargs). */
  readonly opaque: boolean;
}

/** The invocations of package managers that a command is: mostly one or none, several for `mix do a, b`. */
export function findInvocations(command: ShellCommand): readonly Invocation[] {
  const { name, nameWord, args } = command;
  if (name === null || nameWord === null) return [];
  const invocation = invocationOf(name, [nameWord], args, false);
  if (invocation === null) return [];
  return invocation.grammar.manager === 'mix' ? splitMixDo(invocation) : [invocation];
}

function invocationOf(
  name: string,
  nameWords: readonly ShellWord[],
  args: readonly ShellWord[],
  opaque: boolean,
): Invocation | null {
  const grammar = grammarOf(name);
  if (grammar !== undefined) return { grammar, nameWords, args, opaque };
  if (/^(python|pypy)[\d.]*$/.test(name)) return pythonModule(nameWords, args, opaque);
  if (/^php[\d.]*$/.test(name))
    return scriptFile(nameWords, args, opaque, { valued: ['-d', '-c'], names: /^composer(\.phar)?$/ });
  if (name === 'sh' || name === 'bash' || name === 'ash' || name === 'dash')
    return scriptFile(nameWords, args, opaque, { valued: ['-o'], names: /^(gradlew|mvnw)$/ });
  if (name === 'mono') return scriptFile(nameWords, args, opaque, { valued: [], names: /^nuget(\.exe)?$/i });
  if (name === 'corepack' || name === 'npx' || name === 'bunx') return packageRunner(nameWords, args, opaque);
  if (name === 'xargs') return xargs(args);
  return null;
}

const modules = new Set(['pip', 'pipenv', 'poetry', 'uv', 'pdm']);

function pythonModule(nameWords: readonly ShellWord[], args: readonly ShellWord[], opaque: boolean): Invocation | null {
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.unquoted ?? '';
    if (!text.startsWith('-')) return null;
    if (text === '-W' || text === '-X') {
      at++;
      continue;
    }
    const found = /^-[bBdEhiIOqsSuvVx]*m(.*)$/.exec(text);
    if (!found) continue;
    const isGlued = found[1] !== '';
    const module = isGlued ? found[1] : args[at + 1]?.value;
    const end = isGlued ? at + 1 : at + 2;
    const grammar = module && modules.has(module) ? grammarOf(module) : undefined;
    if (grammar === undefined) return null;
    return { grammar, nameWords: [...nameWords, ...args.slice(0, end)], args: args.slice(end), opaque };
  }
  return null;
}

/** An interpreter whose first operand is the manager's own script. */
function scriptFile(
  nameWords: readonly ShellWord[],
  args: readonly ShellWord[],
  opaque: boolean,
  known: { readonly valued: readonly string[]; readonly names: RegExp },
): Invocation | null {
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) return null;
    if (word.unquoted.startsWith('-')) {
      if (known.valued.includes(word.unquoted)) at++;
      continue;
    }
    const name = programName(word);
    const grammar = name !== null && known.names.test(name) ? grammarOf(name.toLowerCase()) : undefined;
    if (grammar === undefined) return null;
    return { grammar, nameWords: [...nameWords, ...args.slice(0, at + 1)], args: args.slice(at + 1), opaque };
  }
  return null;
}

/** `npx pnpm@8 install`, `corepack yarn install`. */
function packageRunner(
  nameWords: readonly ShellWord[],
  args: readonly ShellWord[],
  opaque: boolean,
): Invocation | null {
  const at = args.findIndex((word) => !word.unquoted.startsWith('-'));
  const name = /^(npm|yarn|pnpm)(@.*)?$/.exec(args[at]?.unquoted ?? '')?.[1];
  const grammar = name === undefined ? undefined : grammarOf(name);
  if (grammar === undefined) return null;
  return { grammar, nameWords: [...nameWords, ...args.slice(0, at + 1)], args: args.slice(at + 1), opaque };
}

/** What xargs runs gets more arguments than are written down. */
function xargs(args: readonly ShellWord[]): Invocation | null {
  const valued = [
    '-n',
    '-L',
    '-P',
    '-I',
    '-d',
    '-a',
    '-s',
    '-E',
    '--max-args',
    '--max-procs',
    '--delimiter',
    '--arg-file',
  ];
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) return null;
    if (word.unquoted.startsWith('-')) {
      if (valued.includes(word.unquoted)) at++;
      continue;
    }
    const name = programName(word);
    return name === null || name === 'xargs' ? null : invocationOf(name, [word], args.slice(at + 1), true);
  }
  return null;
}

/** `mix do deps.get --only prod, compile` (or `+` instead of the comma) is several calls. */
function splitMixDo(invocation: Invocation): readonly Invocation[] {
  const { args } = invocation;
  if (args[0]?.value !== 'do') return [invocation];
  const calls: ShellWord[][] = [[]];
  for (const word of args.slice(1)) {
    const current = calls[calls.length - 1];
    if (word.unquoted === '+' || word.unquoted === ',') calls.push([]);
    else if (word.unquoted.endsWith(',')) {
      current?.push(withoutLastCharacter(word));
      calls.push([]);
    } else current?.push(word);
  }
  return calls.filter((words) => words.length > 0).map((words) => ({ ...invocation, args: words }));
}

function withoutLastCharacter(word: ShellWord): ShellWord {
  const { text, value, unquoted, span, end } = word;
  return {
    ...word,
    text: text.slice(0, -1),
    value: value === null ? null : value.slice(0, -1),
    unquoted: unquoted.slice(0, -1),
    span: { from: span.from, to: span.to - 1 },
    end: end - 1,
  };
}
