/** Installs of a project's dependencies that come behind a copy of its whole source. */
import type { BuildContext } from '../context/context';
import { directoriesOf } from '../shell/directories';
import type { PackageCall } from '../shell/packages';
import { startDirectory } from './base-config';
import { copyTargets, isSurelyFile, targetPath } from './dependencies';
import { ecosystemOf, isProjectInstall } from './ecosystems';
import { type ManifestNeed, manifestNeed } from './manifests';
import type { CopyPath, CopyStep, RunStep, Stage } from './model';
import { cachesOf } from './path-claims';
import { isWithin, normalizePath } from './paths';

export interface SourceInstall {
  /** The COPY of a folder that comes too early. */
  readonly copy: CopyStep;
  readonly source: CopyPath;
  readonly run: RunStep;
  readonly call: PackageCall;
  readonly need: ManifestNeed;
  /** The needed files as paths in the build context. */
  readonly contextFiles: readonly string[];
  /** The folder they go to, relative to the destination of the copy; '' for that itself. */
  readonly below: string;
  /** Other COPYs bring them already. */
  readonly isProvided: boolean;
}

/** The first install of each manager that a copy of source stands before. */
export function sourceInstallsOf(stage: Stage, context: BuildContext | null): readonly SourceInstall[] {
  const found: SourceInstall[] = [];
  const copies = stage.steps
    .filter((step) => step.keyword === 'COPY' || step.keyword === 'ADD')
    .map((step) => step as CopyStep);
  const seen = new Set<string>();
  for (const step of stage.steps) {
    if (step.keyword !== 'RUN' || !(step as RunStep).isKnown || (step as RunStep).isExec) continue;
    const run = step as RunStep;
    for (const call of run.calls()) {
      const isFirst = !seen.has(call.manager);
      if (isProjectInstall(call) || call.action === 'build') seen.add(call.manager);
      // Packages of the system never come from files of the project; asking for each would take long in a long file.
      if (!isFirst || call.command.quoted || ecosystemOf(call.manager).kind === 'system') continue;
      const install = installBehind(
        call,
        run,
        copies.filter((copy) => copy.index < run.index),
        context,
      );
      if (install && !found.some((other) => other.copy === install.copy)) found.push(install);
    }
  }
  return found;
}

function installBehind(
  call: PackageCall,
  run: RunStep,
  copies: readonly CopyStep[],
  context: BuildContext | null,
): SourceInstall | null {
  const folder = folderOf(run, call);
  if (folder === null) return null;
  const cwd = folderOfNamed(call, folder, copies);
  const whole = copies.find((copy) => copy.fromText === null && isFolderCopy(copy, context) && brings(copy, cwd));
  if (whole) return ofWhole(call, run, whole, cwd, copies, context);
  // The manifests come by themselves; then any other folder can wait.
  const early = copies.find((copy) => copy.fromText === null && isFolderCopy(copy, context) && isBelow(copy, cwd));
  if (!early) return null;
  const need = manifestNeed(call, contextFolderOf(cwd, copies), cwd, context);
  if (!need || need.fetch !== null || !isProvided(need, cwd, copies)) return null;
  const [source] = early.sources;
  return source ? { copy: early, source, run, call, need, contextFiles: [], below: '', isProvided: true } : null;
}

function ofWhole(
  call: PackageCall,
  run: RunStep,
  copy: CopyStep,
  cwd: string,
  copies: readonly CopyStep[],
  context: BuildContext | null,
): SourceInstall | null {
  const [source] = copy.sources;
  if (!source || copy.sources.length !== 1 || source.value === null) return null;
  const root = normalizePath(`/${source.value}`).slice(1);
  const below = cwd.slice(rootOf(copy).length).replace(/^\//, '');
  const folder = [root, below].filter((part) => part !== '').join('/');
  const need = manifestNeed(call, folder, cwd, context);
  if (!need) return null;
  // A cache of what the build downloads makes up for most of it.
  if (need.fetch !== null && cachesOf(call.manager).some((cache) => run.hasCacheMount(cache))) return null;
  const others = copies.filter((other) => other !== copy);
  const contextFiles = need.files.map(
    (file) => normalizePath(`/${folder}/${file}`).slice(1) + (file.endsWith('/') ? '/' : ''),
  );
  if (contextFiles.some((file) => root !== '' && !isWithin(`/${file}`, `/${root}`))) return null;
  return { copy, source, run, call, need, contextFiles, below, isProvided: isProvided(need, cwd, others) };
}

/** The destination; a name of its own where it depends on a working directory that is not known. */
export function rootOf(copy: CopyStep): string {
  const target = targetPath(copy);
  if (target !== null) return normalizePath(target);
  return normalizePath(`/?${moves(copy)}/${copy.destination?.value ?? '?'}`);
}

const moves = (step: CopyStep | RunStep): number =>
  step.stage.steps.slice(0, step.index).filter((other) => other.keyword === 'WORKDIR').length;

/** Where a call runs; null where that is not known. */
export function folderOf(run: RunStep, call: PackageCall): string | null {
  const [script] = run.scripts;
  const directory = script ? directoriesOf(script).get(call.command) : undefined;
  if (directory === undefined || directory === null || /[$~*]/.test(directory)) return null;
  if (directory.startsWith('/')) return normalizePath(directory);
  return normalizePath(`${startDirectory(run) ?? `/?${moves(run)}`}/${directory}`);
}

/** Where the files are that a call names by their full path: the destination of the copy that they lie in. */
function folderOfNamed(call: PackageCall, cwd: string, copies: readonly CopyStep[]): string {
  const file = call.flags.find(
    (flag) => /^(?:-r|--requirements?|-f|--file)$/.test(flag.name) && flag.value?.startsWith('/'),
  )?.value;
  const copy = file
    ? copies.find((candidate) => isWithin(file, rootOf(candidate)) && rootOf(candidate) !== '/')
    : undefined;
  return copy ? rootOf(copy) : cwd;
}

const brings = (copy: CopyStep, cwd: string): boolean =>
  isWithin(cwd, rootOf(copy)) && (rootOf(copy) !== '/' || cwd === '/');
const isBelow = (copy: CopyStep, cwd: string): boolean => isWithin(rootOf(copy), cwd) && rootOf(copy) !== cwd;

/** Whether a COPY takes a folder of source: `.`, or a name that is no file's. */
function isFolderCopy(copy: CopyStep, context: BuildContext | null): boolean {
  const [source] = copy.sources;
  if (!source?.value || copy.sources.length !== 1 || /[*?[]|:\/\//.test(source.value) || source.value.includes('..'))
    return false;
  if (copy.body.heredocs.length > 0 || isSurelyFile(copy, source, context)) return false;
  if (/^(?:\.?\/)*\.?$/.test(source.value) || source.value.endsWith('/')) return true;
  const entry = context?.entries.get(normalizePath(`/${source.value}`).slice(1));
  if (entry) return entry.type === 'directory';
  const name = source.value.slice(source.value.lastIndexOf('/') + 1);
  // Folder to folder: a name without an ending that keeps its name, or becomes the folder itself.
  return (
    !name.includes('.') &&
    /^(?:src|app|lib|source|code|web|server|client|backend|frontend|api|service|services|packages|cmd|internal|pkg)$/.test(
      name,
    )
  );
}

/** The folder of the context that stands for a folder of the image, by the COPYs of single files into it. */
function contextFolderOf(cwd: string, copies: readonly CopyStep[]): string | null {
  for (const copy of copies) {
    const target = targetPath(copy);
    if (copy.fromText !== null || target === null || normalizePath(target) !== cwd) continue;
    const value = copy.sources[0]?.value;
    if (value) return normalizePath(`/${value}`).slice(1).split('/').slice(0, -1).join('/');
  }
  return null;
}

/** Whether other COPYs put every needed file where the install looks for it. */
function isProvided(need: ManifestNeed, cwd: string, copies: readonly CopyStep[]): boolean {
  const required = need.isExact ? need.files : need.files.slice(0, 1);
  return required.every((file) => {
    const wanted = normalizePath(`${cwd}/${file}`);
    return copies.some((copy) => {
      if (copyTargets(copy)?.includes(wanted)) return true;
      const target = targetPath(copy);
      const folder = wanted.slice(0, wanted.lastIndexOf('/')) || '/';
      if (target === null || normalizePath(target) !== folder) return false;
      return copy.sources.some((source) => namesMatch(source.value ?? '', wanted.slice(folder.length + 1)));
    });
  });
}

/** Whether a source (`package*.json`, `web/go.mod`) takes a file of a name; the name may be a pattern that is the same. */
function namesMatch(source: string, name: string): boolean {
  const last = source.slice(source.lastIndexOf('/') + 1);
  if (last === name) return true;
  if (!/[*?]/.test(last)) return false;
  const expression = last
    .replace(/[.+^$()|\\[\]{}]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${expression}$`).test(name.replace(/\*$/, ''));
}
