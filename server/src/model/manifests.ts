/** What an install of a project's dependencies needs of the project: its manifests, and whether anything else. */
import type { BuildContext } from '../context/context';
import { isIncluded } from '../context/sources';
import type { PackageCall, PackageManager } from '../shell/packages';
import { ecosystemOf, hasFlag, isFrozenInstall, isProjectInstall } from './ecosystems';
import { type Asks, asksOf, includedRequirements } from './manifest-contents';
import { isWithin } from './paths';

/** The files that an install needs, relative to the folder it runs in. */
export interface ManifestNeed {
  readonly manager: PackageManager;
  /** Names or patterns (`package*.json`), at least one of which has to be there; folders end in a slash. */
  readonly files: readonly string[];
  /** Read from the build context: all of them are there. */
  readonly isExact: boolean;
  /** What fetches the dependencies where the command itself builds; null where it only installs. */
  readonly fetch: string | null;
  readonly asks: Asks;
  /** The same result is proven: the contents of the files are known and ask for nothing else. */
  readonly isProven: boolean;
}

/**
 * What a call needs; null where it installs nothing of the project's, where that is not known, or where the project has no
 * dependencies.
 *
 * @param folder the folder of the build context that the call sees as its own, '' for the root; null where it is not one
 * @param root that folder in the image
 */
export function manifestNeed(
  call: PackageCall,
  folder: string | null,
  root: string,
  context: BuildContext | null,
): ManifestNeed | null {
  const { manager, action } = call;
  const ecosystem = ecosystemOf(manager);
  const isInstall = isProjectInstall(call);
  if (!isInstall && !(action === 'build' && buildsAlone(call))) return null;
  if (ecosystem.kind === 'system' || installsProjectItself(call) || elsewhere(call)) return null;
  const named = namedFiles(call);
  if (named === null) return null;
  const absolute = named.filter((file) => file.startsWith('/'));
  // Files of the image by their full path are looked for below the copy; a mixture is left alone.
  if (absolute.length > 0 && (absolute.length < named.length || absolute.some((file) => !isWithin(file, root))))
    return null;
  const own = named.map((file) => (file.startsWith('/') ? file.slice(root.length).replace(/^\/+/, '') : file));
  const fetch = isInstall ? null : ecosystem.fetchCommand;
  const known = context?.complete && folder !== null ? context : null;
  const files = own.length > 0 ? own : known ? filesIn(known, folder ?? '', call) : usualFiles[manager];
  // A name that a Dockerfile would have to quote is nobody's manifest.
  if (!files || files.length === 0 || files.some((file) => /[\s"'\\$]|(?:^|\/)\.\.(?:\/|$)/.test(file))) return null;
  if (!known) return { manager, files, isExact: false, fetch, asks: 'unknown', isProven: false };
  return knownNeed(call, files, folder ?? '', known, fetch);
}

/** What a call needs of a context that is known. */
function knownNeed(
  call: PackageCall,
  files: readonly string[],
  folder: string,
  context: BuildContext,
  fetch: string | null,
): ManifestNeed | null {
  const { manager } = call;
  const direct = files.map((file) => join(folder, file));
  if (!direct.every((path) => isIncluded(context, path.replace(/\/$/, '')))) return null;
  const paths = manager === 'pip' || manager === 'uv' ? includedRequirements(direct, context) : direct;
  const asks = paths && asksOf(manager, paths, context);
  if (!paths || asks === 'nothing' || asks === 'source' || asks === null) return null;
  const all = paths.map((path) => (folder === '' ? path : path.slice(folder.length + 1)));
  const isLocked = manager === 'pip' || (isFrozenInstall(call) && provable.has(manager));
  return { manager, files: all, isExact: true, fetch, asks, isProven: asks === 'yes' && fetch === null && isLocked };
}

const join = (folder: string, file: string): string => (folder === '' ? file : `${folder}/${file}`);

/** Managers whose locked install is known to look at nothing but its manifests. */
const provable: ReadonlySet<PackageManager> = new Set(['npm', 'yarn', 'pnpm']);

/** Builds that fetch what is missing. */
function buildsAlone(call: PackageCall): boolean {
  switch (call.manager) {
    case 'go':
      return (
        /^(?:build|install)$/.test(call.subcommand) &&
        !hasFlag(call, '-mod=vendor') &&
        !call.packages.some((operand) => operand.version !== null)
      );
    case 'cargo':
      return /^(?:build|b)$/.test(call.subcommand) && !hasFlag(call, '--offline');
    case 'maven':
    case 'gradle':
      return !hasFlag(call, '-o') && !hasFlag(call, '--offline');
    default:
      return false;
  }
}

/** `poetry install` without `--no-root` and its like put the project itself in place too. */
function installsProjectItself(call: PackageCall): boolean {
  switch (call.manager) {
    case 'poetry':
      return !['--no-root', '--only'].some((flag) => hasFlag(call, flag));
    case 'uv':
      return (
        call.subcommand === 'sync' &&
        !['--no-install-project', '--no-install-workspace'].some((flag) => hasFlag(call, flag))
      );
    case 'pdm':
      return !hasFlag(call, '--no-self');
    case 'pip':
      return (
        call.packages.some((operand) => operand.isFile) || ['-e', '--editable'].some((flag) => hasFlag(call, flag))
      );
    default:
      return false;
  }
}

/** Options that name another project folder, whose paths are not followed. */
export function elsewhere(call: PackageCall): boolean {
  return (
    call.flags.some(
      (flag) =>
        /^(?:--prefix|--cwd|-C|--dir|--working-dir|-d|--gemfile|--manifest-path|--file|--project-dir|-p|--workspace|-w|--filter|--recursive|-g|--global)$/.test(
          flag.name,
        ) &&
        !(call.manager === 'conda' && flag.name === '--file') &&
        !(call.manager === 'bun' && flag.name === '-p') &&
        !(call.manager === 'mix' && flag.name === '-p'),
    ) ||
    (call.manager === 'maven' && hasFlag(call, '-f'))
  );
}

/** Files that the call names (`-r requirements.txt`); empty where it finds them itself; null where a name is not literal. */
function namedFiles(call: PackageCall): readonly string[] | null {
  const options = fileOptions[call.manager];
  if (!options) return [];
  const values = call.flags.filter((flag) => options.includes(flag.name)).map((flag) => flag.value);
  if (values.some((value) => value === null || /[$`*]|:\/\//.test(value))) return null;
  const files = values.flatMap((value) => (value === null ? [] : [value]));
  if (call.manager === 'uv' && call.subcommand === 'pip sync')
    files.push(...call.packages.map((operand) => operand.word.unquoted));
  if (call.manager === 'uv' && !call.subcommand.startsWith('pip')) return [];
  return files.length === 0 && call.manager !== 'uv' && call.manager !== 'conda' ? null : files;
}

const fileOptions: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  pip: ['-r', '--requirement', '-c', '--constraint'],
  uv: ['-r', '--requirement', '--requirements', '-c', '--constraint'],
  conda: ['-f', '--file'],
  gem: ['-g', '--file'],
};

/** What to copy where the build context is not known. */
const usualFiles: Readonly<Partial<Record<PackageManager, readonly string[]>>> = {
  npm: ['package*.json'],
  yarn: ['package.json', 'yarn.lock*'],
  pnpm: ['package.json', 'pnpm-lock.yaml*'],
  bun: ['package.json', 'bun.lock*'],
  bundle: ['Gemfile', 'Gemfile.lock*'],
  composer: ['composer.json', 'composer.lock*'],
  pipenv: ['Pipfile', 'Pipfile.lock*'],
  poetry: ['pyproject.toml', 'poetry.lock*'],
  uv: ['pyproject.toml', 'uv.lock*'],
  pdm: ['pyproject.toml', 'pdm.lock*'],
  go: ['go.mod', 'go.sum*'],
  cargo: ['Cargo.toml', 'Cargo.lock*'],
  maven: ['pom.xml'],
  mix: ['mix.exs', 'mix.lock*'],
  conda: ['environment.yml'],
};

/** The manager's files in a folder of the context, manifests first; empty where it has no manifest there. */
function filesIn(context: BuildContext, folder: string, call: PackageCall): readonly string[] {
  const { manifests, lockfiles, configuration } = ecosystemOf(call.manager);
  const names = namesIn(context, folder);
  const find = (patterns: readonly string[]) =>
    names.filter((name) => patterns.some((pattern) => matches(name, pattern)));
  const own = find(manifests);
  if (own.length === 0) return [];
  const config = find(configuration).filter((name) => isWanted(name, call));
  return [...new Set([...own, ...find(lockfiles), ...config])];
}

/** The wrapper of a build tool is needed where it is called. */
function isWanted(name: string, call: PackageCall): boolean {
  if (!/^(?:mvnw|gradlew|\.mvn\/|gradle\/)$/.test(name)) return true;
  return /(?:mvnw|gradlew)$/.test(call.command.nameWord?.unquoted ?? '');
}

/** Names of the files and folders (with a slash) right in a folder that the builder sees. */
function namesIn(context: BuildContext, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names: string[] = [];
  for (const [path, entry] of context.entries) {
    if (!path.startsWith(prefix) || path.slice(prefix.length).includes('/') || path === folder) continue;
    if (isIncluded(context, path)) names.push(path.slice(prefix.length) + (entry.type === 'directory' ? '/' : ''));
  }
  return names.sort();
}

function matches(name: string, pattern: string): boolean {
  if (!pattern.includes('*')) return name === pattern;
  const expression = pattern.replace(/[.+^$()|\\?]/g, '\\$&').replace(/\*/g, '[^/]*');
  return new RegExp(`^${expression}$`).test(name);
}
