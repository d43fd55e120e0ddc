/** Whether a script empties a folder: what it deletes again does not stay in its layer. */
import { type Removal, removals } from '../shell/effects';
import { packageCalls } from '../shell/package-calls';
import type { ShellCommand, ShellScript } from '../shell/script';

/** Whether something in the script from an offset on deletes what is in the folder. A leading `~` stands for every home. */
export function emptiesFolder(
  script: ShellScript,
  folder: string,
  from = 0,
  counts: (removal: Removal) => boolean = () => true,
): boolean {
  return removals(script).some(
    (removal) => removal.command.start >= from && covers(removal, folder) && counts(removal),
  );
}

function covers(removal: Removal, folder: string): boolean {
  const wanted = partsOf(folder);
  return pathsOf(removal).some((path) => {
    if (path === null) return mayBe(removal.text, wanted);
    const parts = partsOf(path);
    if (parts.length > wanted.length + 1 || parts.length === 0) return false;
    if (!parts.slice(0, wanted.length).every((part, index) => matches(part, wanted[index] ?? ''))) return false;
    if (parts.length > wanted.length) return parts.at(-1)?.startsWith('*') === true;
    // Some files below a folder further up tell nothing of this one.
    return parts.length === wanted.length || !removal.partial;
  });
}

/** Where the shell may be one that knows braces, each of the words that they stand for; that is what the author meant. */
function pathsOf(removal: Removal): readonly (string | null)[] {
  const list = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(removal.text);
  if (removal.path !== null || !list) return [removal.path];
  const [, head = '', items = '', tail = ''] = list;
  return items.split(',').map((item) => (head.includes('$') ? null : `${head}${item}${tail}`.replace(/\/+/g, '/')));
}

/** `$DIR/lists/*` and the like: what is unknown is taken for what it is called. */
function mayBe(text: string, wanted: readonly string[]): boolean {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  return wanted.slice(-2).some((part) => words.includes(part.replace(/^\./, '')));
}

function partsOf(path: string): readonly string[] {
  return path
    .replace(/^(?:\/root|\/home\/[^/]+|\$\{?HOME\}?)(?=\/|$)/, '~')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}

function matches(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  if (!/[*?[]/.test(pattern)) return false;
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}

/**
 * Whether a script calls something that cleans up by its name (`cleanup.sh`, `apt-clean`, a function `clean`): what
 * that does is not known, so it must be trusted.
 */
export function callsCleanUpScript(script: ShellScript, from = 0): boolean {
  const managed = new Set(packageCalls(script).map((call) => call.command));
  return script.commands.some((command) => command.start >= from && !managed.has(command) && isCleanUpScript(command));
}

const buildTools = new Set([
  'make',
  'git',
  'ant',
  'bazel',
  'ninja',
  'rake',
  'npx',
  'nx',
  'stack',
  'cabal',
  'lein',
  'grunt',
]);

function isCleanUpScript({ name, nameWord, args }: ShellCommand): boolean {
  if (name === null || buildTools.has(name)) return false;
  // `curl …/clean.sh | sh`
  if (name === 'curl' || name === 'wget') return args.some((arg) => /clean\w*\.sh\b/i.test(arg.unquoted));
  const runsFile = /^(?:sh|bash|ash|dash|source|\.)$/.test(name);
  const text = runsFile
    ? (args.find((arg) => !arg.unquoted.startsWith('-'))?.unquoted ?? '')
    : (nameWord?.unquoted ?? '');
  return /clean/i.test(text.slice(text.lastIndexOf('/') + 1));
}
