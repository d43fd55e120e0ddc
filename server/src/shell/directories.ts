/** In which directory each command of a script runs, and which path a word names there. */
import type { ShellCommand, ShellNesting, ShellScript, ShellWord } from './script';

/** The directory before each command: absolute, below `~`, or relative to where the script starts ('' for that itself); null where unknown. */
export type Directories = ReadonlyMap<ShellCommand, string | null>;

const found = new WeakMap<ShellScript, Directories>();

const moves = new Set(['cd', 'chdir', 'pushd', 'popd']);

/** Whether a command changes the directory of its shell. */
export function changesDirectory(command: ShellCommand): boolean {
  return command.name !== null && moves.has(command.name);
}

/** The directories of a script's commands. A `cd` is taken to succeed. Kept per script. */
export function directoriesOf(script: ShellScript): Directories {
  const known = found.get(script);
  if (known !== undefined) return known;
  const directories = new Map<ShellCommand, string | null>();
  let current: string | null = '';
  for (const command of script.commands) {
    const isOwn = command.nesting === 'top' || command.nesting === 'group';
    directories.set(command, isOwn || !isMovedInside(script, command) ? current : null);
    if (!changesDirectory(command)) continue;
    if (isOwn) current = command.connector === '||' ? null : targetOf(command, current);
    else if (staysInForce.has(command.nesting)) current = null;
  }
  found.set(script, directories);
  return directories;
}

/** Where a `cd` outlives what it stands in, perhaps. */
const staysInForce: ReadonlySet<ShellNesting> = new Set<ShellNesting>(['loop', 'conditional', 'function']);

/** Whether a nested command may run in another directory than the commands around it. */
function isMovedInside(script: ShellScript, command: ShellCommand): boolean {
  return script.commands.some(
    (other) =>
      changesDirectory(other) &&
      other.statement === command.statement &&
      other.start <= command.start &&
      other.nesting !== 'top' &&
      other.nesting !== 'group',
  );
}

function targetOf(command: ShellCommand, current: string | null): string | null {
  if (command.name === 'popd') return null;
  const target = command.args.find((arg) => !/^[-+]./.test(arg.unquoted) && arg.unquoted !== '--');
  if (target === undefined) return command.name === 'pushd' ? null : '~';
  return target.unquoted === '-' ? null : pathOf(target, current);
}

/**
 * The path that a word names, patterns kept: absolute, below `~` (also for `$HOME`), or relative to where the script
 * starts. Null where an expansion or an unknown directory is in the way.
 */
export function pathOf(word: ShellWord, directory: string | null): string | null {
  if (word.kind === 'braces') return null;
  return pathOfText(word.unquoted, word.kind === 'expansion', directory);
}

/** The same for a text; `isExpanded` where the shell replaces `~` and `$HOME` in it. */
export function pathOfText(text: string, isExpanded: boolean, directory: string | null): string | null {
  const path = isExpanded ? text.replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, '~') : text;
  if (isExpanded && (/[$`]/.test(path) || /^~[^/]/.test(path))) return null;
  if (path === '') return null;
  if (path.startsWith('/') || (isExpanded && path.startsWith('~'))) return normalPath(path);
  if (directory === null) return null;
  return normalPath(directory === '' ? path : `${directory}/${path}`);
}

/** A path without `.`, `..`, doubled and trailing slashes; '' for the start itself. */
export function normalPath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part !== '..') parts.push(part);
    else if (last !== undefined && last !== '..' && last !== '~') parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return (isAbsolute ? '/' : '') + parts.join('/');
}

/** The words that bash makes of `a{b,c}d`; the text alone where it has no list in braces. Nested lists are left as they are. */
export function expandBraces(text: string): readonly string[] {
  const list = /^([^{}]*)\{([^{}]*,[^{}]*)\}(.*)$/.exec(text);
  if (list?.[2] === undefined) return [text];
  const [, head = '', items, tail = ''] = list;
  const tails = expandBraces(tail);
  return items.split(',').flatMap((item) => tails.map((rest) => head + item + rest));
}
