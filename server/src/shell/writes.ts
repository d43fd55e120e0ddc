/** What a script surely creates. */
import { directoriesOf, pathOf, pathOfText } from './directories';
import type { ShellCommand, ShellScript, ShellWord } from './script';

export interface Write {
  readonly command: ShellCommand;
  /** See `pathOf`: absolute, below `~` or relative to the start of the script; null where unknown. */
  readonly path: string | null;
  /** As written, quotes removed; the name that the program makes up where none is given. */
  readonly text: string;
  readonly word: ShellWord | null;
  /** `tree` for what appears below a folder that may have been there; `any` for the destination of cp and mv. */
  readonly kind: 'file' | 'directory' | 'tree' | 'any';
}

const found = new WeakMap<ShellScript, readonly Write[]>();

/**
 * The paths that a script creates when it succeeds. Commands in loops, conditions, functions and behind `||` are left
 * out; so is what programs write without being told (packages, builds). Kept per script.
 */
export function writesOf(script: ShellScript): readonly Write[] {
  const known = found.get(script);
  if (known !== undefined) return known;
  const result = script.commands.filter(isCertain).flatMap((command) => writesBy(command, script));
  found.set(script, result);
  return result;
}

function isCertain(command: ShellCommand): boolean {
  return command.connector !== '||' && ['top', 'group', 'pipeline', 'subshell'].includes(command.nesting);
}

function writesBy(command: ShellCommand, script: ShellScript): Write[] {
  const directory = directoriesOf(script).get(command) ?? null;
  const named = (word: ShellWord, kind: Write['kind']): Write => ({
    command,
    path: pathOf(word, directory),
    text: word.unquoted,
    word,
    kind,
  });
  const guessed = (text: string, kind: Write['kind'], base: string | null = directory): Write => ({
    command,
    path: pathOfText(text, false, base),
    text,
    word: null,
    kind,
  });
  const writes = (writers.get(command.name ?? '') ?? (() => []))(command, named, guessed);
  for (const { operator, target } of command.redirects) {
    if (!/^(>|>>|>\||&>|&>>)$/.test(operator) || target === null || target.unquoted.startsWith('/dev/')) continue;
    writes.push(named(target, 'file'));
  }
  return writes;
}

type Named = (word: ShellWord, kind: Write['kind']) => Write;
type Guessed = (text: string, kind: Write['kind'], base?: string | null) => Write;
type Writer = (command: ShellCommand, named: Named, guessed: Guessed) => Write[];

const writers: ReadonlyMap<string, Writer> = new Map<string, Writer>([
  ['mkdir', (command, named) => readArgs(command, ['-m', '--mode']).operands.map((word) => named(word, 'directory'))],
  [
    'touch',
    (command, named) =>
      readArgs(command, ['-d', '-t', '-r', '--date', '--reference']).operands.map((word) => named(word, 'file')),
  ],
  ['tee', (command, named) => readArgs(command, []).operands.map((word) => named(word, 'file'))],
  ['curl', curlWrites],
  ['wget', wgetWrites],
  ['tar', tarWrites],
  ['bsdtar', tarWrites],
  ['unzip', unzipWrites],
  ['cp', copyWrites],
  ['mv', copyWrites],
  ['install', installWrites],
  ['ln', linkWrites],
  ['git', gitWrites],
  [
    'dd',
    (command, named) =>
      command.args.flatMap((word) => (word.unquoted.startsWith('of=') ? [named(tailOf(word, 3), 'file')] : [])),
  ],
  ['gpg', (command, named) => optionFile(command, ['-o', '--output'], named)],
  ['openssl', (command, named) => optionFile(command, ['-out', '-keyout'], named)],
  ['ssh-keygen', (command, named) => optionFile(command, ['-f'], named)],
  [
    'virtualenv',
    (command, named) =>
      readArgs(command, ['-p', '--python', '--prompt'])
        .operands.slice(0, 1)
        .map((word) => named(word, 'tree')),
  ],
]);

/** A word without its first characters (`of=x`). */
function tailOf(word: ShellWord, count: number): ShellWord {
  return { ...word, unquoted: word.unquoted.slice(count), value: word.value === null ? null : word.value.slice(count) };
}

interface Args {
  /** The last value of an option by its name; an empty list of names finds nothing. */
  readonly value: (...names: readonly string[]) => ShellWord | null;
  readonly has: (...names: readonly string[]) => boolean;
  readonly operands: readonly ShellWord[];
}

/** Options and operands of an ordinary program; `valued` names the options that take the next word. */
function readArgs(command: ShellCommand, valued: readonly string[]): Args {
  const options: { name: string; value: ShellWord | null }[] = [];
  const operands: ShellWord[] = [];
  const { args } = command;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    const text = word.unquoted;
    if (!text.startsWith('-') || text === '-') operands.push(word);
    else if (valued.includes(text)) {
      options.push({ name: text, value: args[at + 1] ?? null });
      at++;
    } else if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const name = equals < 0 ? text : text.slice(0, equals);
      options.push({ name, value: equals < 0 ? null : tailOf(word, equals + 1) });
    } else if (readShort(word, args[at + 1] ?? null, valued, options)) at++;
  }
  const matching = (names: readonly string[]) => options.filter((option) => names.includes(option.name));
  return {
    value: (...names) => matching(names).at(-1)?.value ?? null,
    has: (...names) => matching(names).length > 0,
    operands,
  };
}

/** Reads `-fsSLo file`; true where the next word belongs to it. */
function readShort(
  word: ShellWord,
  next: ShellWord | null,
  valued: readonly string[],
  options: { name: string; value: ShellWord | null }[],
): boolean {
  const text = word.unquoted;
  for (let at = 1; at < text.length; at++) {
    const name = `-${text.charAt(at)}`;
    if (!valued.includes(name)) {
      options.push({ name, value: null });
      continue;
    }
    const isLast = at === text.length - 1;
    options.push({ name, value: isLast ? next : tailOf(word, at + 1) });
    return isLast;
  }
  return false;
}

function optionFile(command: ShellCommand, names: readonly string[], named: Named): Write[] {
  const value = readArgs(command, names).value(...names);
  return value === null || value.unquoted === '-' ? [] : [named(value, 'file')];
}

const curlValued = [
  '-o',
  '--output',
  '-d',
  '--data',
  '-H',
  '--header',
  '-u',
  '--user',
  '-A',
  '--user-agent',
  '-e',
  '-x',
  '--proxy',
  '-m',
  '-X',
  '--request',
  '--retry',
  '--retry-delay',
  '--retry-max-time',
  '--connect-timeout',
  '--max-time',
  '-b',
  '-c',
  '-C',
  '-E',
  '-F',
  '-K',
  '-r',
  '-T',
  '-w',
  '-z',
  '--cacert',
  '--output-dir',
  '--url',
  '--data-binary',
  '--resolve',
  '--proto',
  '--tlsv',
];

function curlWrites(command: ShellCommand, named: Named, guessed: Guessed): Write[] {
  const args = readArgs(command, curlValued);
  const output = args.value('-o', '--output');
  if (output !== null)
    return output.unquoted === '-' || output.unquoted.startsWith('/dev/') ? [] : [named(output, 'file')];
  if (!args.has('-O', '--remote-name', '--remote-name-all') || args.has('-J', '--remote-header-name', '--output-dir'))
    return [];
  return args.operands.flatMap((word) => remoteName(word).map((name) => guessed(name, 'file')));
}

/** The file name that a download of an address gets; none where it is not literal. */
function remoteName(word: ShellWord): string[] {
  const address = word.unquoted.replace(/[?#].*$/, '');
  const name = address.slice(address.lastIndexOf('/') + 1);
  return address.includes('://') && name !== '' && !/[$`*{}]/.test(name) ? [name] : [];
}

const wgetValued = [
  '-O',
  '--output-document',
  '-P',
  '--directory-prefix',
  '-o',
  '--output-file',
  '-a',
  '-t',
  '--tries',
  '-T',
  '--timeout',
  '-U',
  '--user-agent',
  '--header',
  '-i',
  '--user',
  '--password',
  '--post-data',
  '--waitretry',
  '--ca-certificate',
  '-e',
];

function wgetWrites(command: ShellCommand, named: Named, guessed: Guessed): Write[] {
  const args = readArgs(command, wgetValued);
  const output = args.value('-O', '--output-document');
  if (output !== null)
    return output.unquoted === '-' || output.unquoted.startsWith('/dev/') ? [] : [named(output, 'file')];
  if (args.has('-i', '--content-disposition', '-r', '--recursive', '-m', '--mirror', '--spider')) return [];
  const folder = args.value('-P', '--directory-prefix');
  const base = folder === null ? undefined : named(folder, 'directory').path;
  return args.operands.flatMap((word) => remoteName(word).map((name) => guessed(name, 'file', base)));
}

function tarWrites(command: ShellCommand, named: Named, guessed: Guessed): Write[] {
  const [first] = command.args;
  const mode = first?.unquoted ?? '';
  const isBundle = /^-?[a-zA-Z]+$/.test(mode) && !mode.startsWith('--');
  const extracts =
    (isBundle && mode.includes('x')) ||
    command.args.some(({ unquoted }) => /^(-x\w*|-\w*x\w*|--extract|--get)$/.test(unquoted));
  if (!extracts) return [];
  const target = command.args.find((_, at) => /^(-\w*C|--directory)$/.test(command.args[at - 1]?.unquoted ?? ''));
  if (target !== undefined) return [named(target, 'tree')];
  const glued = command.args.find(({ unquoted }) => unquoted.startsWith('--directory='));
  if (glued !== undefined) return [named(tailOf(glued, '--directory='.length), 'tree')];
  return isBundle && /^[a-zA-Z]*C/.test(mode) ? [] : [guessed('.', 'tree')];
}

function unzipWrites(command: ShellCommand, named: Named, guessed: Guessed): Write[] {
  const args = readArgs(command, ['-d', '-x', '-P']);
  if (args.has('-l', '-t', '-p', '-z', '-v')) return [];
  const target = args.value('-d');
  return target === null ? [guessed('.', 'tree')] : [named(target, 'tree')];
}

function copyWrites(command: ShellCommand, named: Named): Write[] {
  const args = readArgs(command, ['-t', '--target-directory', '-S', '--suffix']);
  const target = args.value('-t', '--target-directory');
  if (target !== null) return [named(target, 'tree')];
  const last = args.operands.length >= 2 ? args.operands.at(-1) : undefined;
  return last === undefined ? [] : [named(last, 'any')];
}

function installWrites(command: ShellCommand, named: Named): Write[] {
  const args = readArgs(command, ['-m', '--mode', '-o', '--owner', '-g', '--group', '-t', '--target-directory', '-S']);
  if (args.has('-d', '--directory')) return args.operands.map((word) => named(word, 'directory'));
  const target = args.value('-t', '--target-directory');
  if (target !== null) return [named(target, 'tree')];
  const last = args.operands.length >= 2 ? args.operands.at(-1) : undefined;
  return last === undefined ? [] : [named(last, 'any')];
}

function linkWrites(command: ShellCommand, named: Named): Write[] {
  const { operands, has } = readArgs(command, ['-t', '--target-directory', '-S']);
  const [, link] = operands;
  return operands.length === 2 && link !== undefined && !has('-t', '--target-directory') ? [named(link, 'any')] : [];
}

function gitWrites(command: ShellCommand, named: Named, guessed: Guessed): Write[] {
  const at = command.args.findIndex(({ unquoted }) => unquoted === 'clone');
  if (at < 0 || command.args.slice(0, at).some(({ unquoted }) => unquoted === '-C')) return [];
  const rest = { ...command, args: command.args.slice(at + 1) };
  const { operands } = readArgs(rest, [
    '-b',
    '--branch',
    '--depth',
    '-j',
    '--jobs',
    '-o',
    '--origin',
    '-c',
    '--config',
    '-u',
    '--reference',
    '--separate-git-dir',
    '--template',
    '--shallow-since',
    '--filter',
    '--upload-pack',
  ]);
  const [source, target] = operands;
  if (target !== undefined) return [named(target, 'tree')];
  const name = /([^/:]+?)(\.git)?\/?$/.exec(source?.unquoted ?? '')?.[1];
  return name === undefined || /[$`]/.test(name) ? [] : [guessed(name, 'tree')];
}
