/** What a script deletes. */
import { cleanUpsOf } from '../model/ecosystems';
import { directoriesOf, expandBraces, pathOf, pathOfText } from './directories';
import { packageCalls } from './package-calls';
import type { PackageCall } from './packages';
import type { ShellCommand, ShellScript, ShellWord } from './script';

export interface Removal {
  readonly command: ShellCommand;
  /** As written, quotes removed (`/var/lib/apt/lists/*`, `$DIR`); the folder for what a clean-up command empties. */
  readonly text: string;
  /** See `pathOf`: absolute, below `~` or relative to the start of the script, patterns kept; null where unknown. */
  readonly path: string | null;
  /** The word that names it; null for clean-up commands. */
  readonly word: ShellWord | null;
  /** What is below it goes too. */
  readonly recursive: boolean;
  /** Only some of it goes: `find -name x -delete`, `apt-get autoclean`. */
  readonly partial: boolean;
  /** The clean-up call (`apt-get clean`) that it belongs to. */
  readonly call: PackageCall | null;
}

const found = new WeakMap<ShellScript, readonly Removal[]>();

/** Everything that a script deletes, in source order. Whether the command runs at all is told by its nesting. Kept per script. */
export function removals(script: ShellScript): readonly Removal[] {
  const known = found.get(script);
  if (known !== undefined) return known;
  const calls = new Map(packageCalls(script).map((call) => [call.command, call]));
  const result = script.commands.flatMap((command) => {
    const call = calls.get(command);
    return call ? cleanUpRemovals(call) : removalsOf(command, script);
  });
  found.set(script, result);
  return result;
}

function cleanUpRemovals(call: PackageCall): Removal[] {
  const cleanUps = cleanUpsOf(call);
  const paths = new Set(cleanUps.flatMap((cleanUp) => cleanUp.removes));
  return [...paths].map((path) => ({
    command: call.command,
    text: path,
    path,
    word: null,
    recursive: true,
    partial: !cleanUps.some((cleanUp) => cleanUp.complete && cleanUp.removes.includes(path)),
    call,
  }));
}

function removalsOf(command: ShellCommand, script: ShellScript): readonly Removal[] {
  switch (command.name) {
    case 'rm':
      return ofOperands(command, script, command.args.some(isRecursive));
    case 'unlink':
    case 'rmdir':
      return ofOperands(command, script, false);
    case 'find':
      return ofFind(command, script);
    default:
      return [];
  }
}

function isRecursive({ unquoted }: ShellWord): boolean {
  return unquoted === '--recursive' || /^-[A-Za-z]*[rR]/.test(unquoted);
}

function ofOperands(command: ShellCommand, script: ShellScript, recursive: boolean): Removal[] {
  let optionsEnded = false;
  return command.args.flatMap((word) => {
    if (!optionsEnded && word.unquoted.startsWith('-')) {
      optionsEnded = word.unquoted === '--';
      return [];
    }
    return removalsByWord(command, script, word, recursive, false);
  });
}

/** One removal, or several for the list in braces that bash makes words of. */
function removalsByWord(
  command: ShellCommand,
  script: ShellScript,
  word: ShellWord,
  recursive: boolean,
  partial: boolean,
): Removal[] {
  const directory = directoriesOf(script).get(command) ?? null;
  const common = { command, word, recursive, partial, call: null };
  if (word.kind !== 'braces') return [{ ...common, text: word.unquoted, path: pathOf(word, directory) }];
  // Only bash knows braces; dash and ash look for a file of that name.
  if (script.dialect !== 'bash') return [{ ...common, text: word.unquoted, path: null }];
  return expandBraces(word.unquoted).map((text) => ({
    ...common,
    text,
    path: text.includes('{') ? null : pathOfText(text, false, directory),
  }));
}

/** Options of find that pick nothing: whatever else stands there picks some of the files. */
const neutral = new Set([
  '-delete',
  '-depth',
  '-xdev',
  '-mount',
  '-print',
  '-print0',
  '-noleaf',
  '-follow',
  '-L',
  '-H',
  '-P',
]);

function ofFind(command: ShellCommand, script: ShellScript): readonly Removal[] {
  const { args } = command;
  const start = args.findIndex(({ unquoted }) => /^(-[a-z]|[!(]|\\)/.test(unquoted) && !/^-[HLP]$/.test(unquoted));
  const expression = start < 0 ? [] : args.slice(start);
  const exec = expression.findIndex(({ unquoted }) => /^-(exec|execdir)$/.test(unquoted));
  const program = expression[exec + 1]?.unquoted ?? '';
  const runsRm = exec >= 0 && /^(.*\/)?rm$/.test(program);
  if (!runsRm && !expression.some(({ unquoted }) => unquoted === '-delete')) return [];
  const paths = args.slice(0, start).filter(({ unquoted }) => !/^-[HLP]$/.test(unquoted));
  const tests = (exec >= 0 ? expression.slice(0, exec) : expression).filter(
    ({ unquoted }) => unquoted.startsWith('-') || unquoted === '!' || unquoted === '(',
  );
  const depth = expression.findIndex(({ unquoted }) => unquoted === '-mindepth');
  // `-mindepth 1` leaves the folder itself and nothing else.
  const onlyInside = depth >= 0 && expression[depth + 1]?.unquoted === '1';
  const isPartial = tests.some(({ unquoted }) => !neutral.has(unquoted) && !(onlyInside && unquoted === '-mindepth'));
  const recursive = !runsRm || expression.slice(exec).some(isRecursive);
  const removed = paths.flatMap((word) => removalsByWord(command, script, word, recursive, isPartial));
  return onlyInside
    ? removed.map((removal) => ({ ...removal, path: removal.path === null ? null : `${removal.path}/*` }))
    : removed;
}
