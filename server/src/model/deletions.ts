/** What a RUN deletes that an earlier step of its stage put there, so that the bytes stay in the lower layer. */
import type { BuildContext } from '../context/context';
import type { PackageCall, PackageManager } from '../shell/packages';
import { type Removal, removals } from '../shell/removals';
import type { ShellCommand } from '../shell/script';
import { writesOf } from '../shell/writes';
import type { LocalSpan } from '../syntax/span';
import { startDirectory } from './base-config';
import { copyTargets, targetPath } from './dependencies';
import { ecosystemOf, hasFlag, isUncached } from './ecosystems';
import type { CopyStep, RunStep, Step } from './model';
import { cachesOf } from './path-claims';
import { isWithin, normalizePath, resolvePath } from './paths';
import type { RunContent } from './run-content';

export interface Deletion {
  /** The nearest earlier step that made what is deleted. */
  readonly maker: Step;
  /** The word that names it, or the clean-up command; local to the deleting instruction. */
  readonly span: LocalSpan;
  /** As written. */
  readonly text: string;
}

/** Deletions of a RUN whose bytes stay in an earlier layer; one for each maker. */
export function deletionsOf(run: RunStep, context: BuildContext | null): readonly Deletion[] {
  if (!run.isKnown) return [];
  const found = new Map<Step, Deletion>();
  const add = (maker: Step | null, span: LocalSpan, text: string) => {
    if (maker && !found.has(maker)) found.set(maker, { maker, span, text });
  };
  for (const { path, span, text } of deletedPaths(run)) add(makerOf(run, path, context), span, text);
  for (const call of run.calls(undefined, 'remove')) {
    if (ecosystemOf(call.manager).kind !== 'system' || !surelyRuns(call.command)) continue;
    for (const { name, word } of call.packages) {
      if (name !== null && !installs(run, call.manager, name))
        add(installerOf(run, call.manager, name), word.span, word.text);
    }
  }
  return [...found.values()];
}

interface DeletedPath {
  readonly path: string;
  readonly span: LocalSpan;
  readonly text: string;
}

interface DeletedPaths {
  readonly place: string;
  readonly paths: readonly DeletedPath[];
}

const knownPaths = new WeakMap<RunContent, DeletedPaths>();

/** What a RUN surely deletes and has not made itself. What it says and where it starts decide. */
function deletedPaths(run: RunStep): readonly DeletedPath[] {
  const { content } = run;
  if (!content.scripts.some((script) => removals(script).length > 0)) return [];
  const place = startOf(run);
  const known = knownPaths.get(content);
  if (known?.place === place) return known.paths;
  const paths: DeletedPath[] = [];
  for (const script of content.scripts) {
    for (const removal of removals(script)) {
      if (!surelyRuns(removal.command) || removal.partial) continue;
      const path = absolutePath(run, removal.path);
      if (path === null || isMadeHere(run, removal, path)) continue;
      const span = removal.word?.span ?? removal.command.span;
      paths.push({ path, span, text: removal.word?.text ?? run.body.raw.slice(span.from, span.to) });
    }
  }
  knownPaths.set(content, { place, paths });
  return paths;
}

/** Runs whenever the RUN succeeds. */
const surelyRuns = ({ nesting, connector, quoted }: ShellCommand): boolean =>
  (nesting === 'top' || nesting === 'group') && connector !== '||' && !quoted;

/** Whether the RUN itself makes what it deletes: then it tidies up after itself, and earlier RUNs are a matter of their own. */
function isMadeHere(run: RunStep, removal: Removal, path: string): boolean {
  const ownCache = run.calls().some((call) => keepsCache(call) && coversCache(path, call));
  if (ownCache) return true;
  return run.scripts.some((script) =>
    writesOf(script).some(
      (write) => write.command.start < removal.command.start && covers(path, absolutePath(run, write.path)),
    ),
  );
}

function makerOf(run: RunStep, path: string, context: BuildContext | null): Step | null {
  const earlier = run.stage.steps.slice(0, run.index).reverse();
  for (const step of earlier) {
    if (step.keyword === 'RUN') {
      if (makesPath(step as RunStep, path) || makesCache(step as RunStep, path)) return step;
      // Somebody deleted it before.
      if (deletes(step as RunStep, path)) return null;
    } else if ((step.keyword === 'COPY' || step.keyword === 'ADD') && bringsPath(step as CopyStep, path, context))
      return step;
  }
  return null;
}

function makesPath(run: RunStep, path: string): boolean {
  if (run.mounts.length > 0) return false;
  return run.scripts.some((script) =>
    writesOf(script).some((write) => {
      if (write.kind === 'directory') return false;
      const made = absolutePath(run, write.path);
      if (made === null) return false;
      if (write.kind === 'tree') return made === path || (write.command.name === 'git' && isWithin(path, made));
      return covers(path, made) && !deletesLater(run, write.command, made);
    }),
  );
}

/** Whether the file is gone again at the end of the RUN that made it. */
function deletesLater(run: RunStep, command: ShellCommand, made: string): boolean {
  return run.scripts.some((script) =>
    removals(script).some((removal) => {
      const path = absolutePath(run, removal.path);
      return removal.command.start > command.start && path !== null && covers(path, made);
    }),
  );
}

function deletes(run: RunStep, path: string): boolean {
  return run.scripts.some((script) =>
    removals(script).some((removal) => {
      const removed = absolutePath(run, removal.path);
      return !removal.partial && removed !== null && (removed === path || covers(removed, path));
    }),
  );
}

/** Whether a deleted path (a folder, or a pattern in its last part) holds another one. */
function covers(deleted: string, path: string | null): boolean {
  if (path === null) return false;
  const wildcard = deleted.search(/[*?[]/);
  if (wildcard < 0) return isWithin(path, deleted);
  const folder = deleted.slice(0, deleted.lastIndexOf('/', wildcard)) || '/';
  if (!isWithin(path, folder) || path === folder) return false;
  const pattern = deleted.slice(folder === '/' ? 1 : folder.length + 1);
  if (/[[\]{}]/.test(pattern) || pattern.includes('/')) return false;
  const [first = ''] = path.slice(folder === '/' ? 1 : folder.length + 1).split('/');
  const expression = pattern
    .replace(/[.+^$()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test(first) && !(first.startsWith('.') && /^[*?]/.test(pattern));
}

const aptFamily: readonly PackageManager[] = ['apt-get', 'apt', 'aptitude'];

/** Whether the RUN's installs keep a cache at, or below, a deleted path. */
function makesCache(run: RunStep, path: string): boolean {
  return run.calls().some((call) => keepsCache(call) && coversCache(path, call) && !isCleaned(run, call));
}

const keepsCache = (call: PackageCall): boolean =>
  /^(?:install|update-index|download)$/.test(call.action) && !isUncached(call);

function coversCache(path: string, call: PackageCall): boolean {
  return keptCaches(call).some((cache) => covers(path, cache) || covers(path, `${cache}/x`));
}

/** Of apt only the lists count: Debian's and Ubuntu's images delete the archives by themselves, and only \`update\` makes lists. */
function keptCaches(call: PackageCall): readonly string[] {
  if (!aptFamily.includes(call.manager)) return cachesOf(call.manager);
  return call.action === 'update-index' ? ['/var/lib/apt/lists'] : [];
}

/** Whether the RUN empties the caches itself, or has them in a mount. */
function isCleaned(run: RunStep, call: PackageCall): boolean {
  return keptCaches(call).every(
    (cache) =>
      run.hasCacheMount(cache) ||
      run.scripts.some((script) =>
        removals(script).some((removal) => {
          const path = absolutePath(run, removal.path);
          const isLater = removal.command.start > call.command.start;
          return isLater && path !== null && (covers(path, cache) || covers(path, `${cache}/x`));
        }),
      ),
  );
}

function bringsPath(copy: CopyStep, path: string, context: BuildContext | null): boolean {
  const targets = copyTargets(copy);
  if (targets === null) return false;
  if (/[*?[]/.test(path)) return targets.some((target) => covers(path, target));
  const destination = targetPath(copy) ?? '';
  if (!destination.endsWith('/') && destination !== '/') {
    // The name may be that of an existing folder into which a file is put.
    return targets.some((target) => target === path || (isWithin(target, path) && target !== '/'));
  }
  const folder = normalizePath(destination);
  for (const source of copy.sources) {
    const name = source.value
      ?.split('/')
      .filter((part) => part !== '' && part !== '.')
      .at(-1);
    if (!name || /[*?[]/.test(name)) continue;
    const target = normalizePath(`${folder}/${name}`);
    const entry =
      copy.fromText === null
        ? context?.entries.get(source.value?.replace(/^\.?\/+/, '').replace(/\/+$/, '') ?? '')
        : undefined;
    const isFile = entry ? entry.type === 'file' : targets.includes(target);
    const unpacked =
      copy.keyword === 'ADD' && (entry ? entry.archive !== false : /\.(?:tar|gz|tgz|bz2|xz|zst)$/.test(name));
    if (isFile && !unpacked && isWithin(target, path)) return true;
  }
  return (
    folder !== '/' &&
    isWithin(folder, path) &&
    !copy.stage.steps.slice(0, copy.index).some((step) => step.keyword === 'WORKDIR' && folder === copy.before.workdir)
  );
}

function installerOf(run: RunStep, manager: PackageManager, name: string): Step | null {
  const earlier = run.stage.steps.slice(0, run.index).reverse();
  return earlier.find((step) => step.keyword === 'RUN' && installs(step as RunStep, manager, name)) ?? null;
}

const families: readonly (readonly PackageManager[])[] = [aptFamily, ['yum', 'dnf', 'microdnf']];

/** Whether a RUN installs a package by name (a group of apk's by its name) and leaves it there. */
function installs(run: RunStep, manager: PackageManager, name: string): boolean {
  const family = families.find((members) => members.includes(manager)) ?? [manager];
  const isAmong = (call: PackageCall) =>
    call.packages.some((operand) => operand.name === name) ||
    call.flags.some((flag) => /^(?:-t|--virtual)$/.test(flag.name) && flag.value === name && hasFlag(call, flag.name));
  const install = run.calls(family, 'install').find(isAmong);
  if (!install) return false;
  return (
    !run.calls(family, 'remove').some((call) => call.command.start > install.command.start && isAmong(call)) || false
  );
}

/** A path of the RUN as an absolute one; relative ones of an unknown working directory get a name that only they share. */
function absolutePath(run: RunStep, path: string | null): string | null {
  if (path === null || path.includes('$')) return null;
  const { user } = run.before;
  const workdir = startDirectory(run);
  if (path.startsWith('~')) {
    const name = (user ?? 'root').split(':')[0] ?? 'root';
    return normalizePath(path.replace('~', name === 'root' || name === '0' ? '/root' : `/home/${name}`));
  }
  if (path.startsWith('/') || workdir !== null) return resolvePath(workdir, path);
  return normalizePath(`${startOf(run)}/${path}`);
}

/** The directory that a RUN starts in; a name that only RUNs in the same one share where it is not known. */
function startOf(run: RunStep): string {
  const workdir = startDirectory(run);
  if (workdir !== null) return workdir;
  let moves = 0;
  for (const step of run.stage.steps) {
    if (step.index >= run.index) break;
    if (step.keyword === 'WORKDIR') moves++;
  }
  return `/?workdir ${moves}`;
}
