/** What manifests say: whether an install that follows them needs anything else of the project. */
import type { BuildContext } from '../context/context';
import { isIncluded } from '../context/sources';
import type { PackageManager } from '../shell/packages';
import { ecosystemOf } from './ecosystems';

/**
 * What manifests ask for: `yes` nothing but themselves, `scripts` of the project are run, `source` of the project is needed,
 * `nothing` is to be installed at all, or that is `unknown`.
 */
export type Asks = 'yes' | 'scripts' | 'source' | 'nothing' | 'unknown';

/** What the manifests of a manager at these paths of the context ask for. */
export function asksOf(manager: PackageManager, paths: readonly string[], context: BuildContext): Asks {
  switch (manager) {
    case 'pip':
      return ofRequirements(paths, context);
    case 'npm':
    case 'yarn':
    case 'pnpm':
    case 'bun':
      return ofPackageJson(manager, paths, context);
    case 'go':
      return ofGoMod(paths, context);
    case 'maven':
    case 'gradle':
      // The manifests of modules are needed too.
      return paths.some((path) => /<modules>|^\s*include[\s(]/m.test(context.text(path) ?? '')) ? 'source' : 'unknown';
    case 'cargo':
      return paths.some((path) => /^\s*\[workspace\]|\bpath\s*=/m.test(context.text(path) ?? ''))
        ? 'source'
        : 'unknown';
    case 'composer':
      return ofComposerJson(paths, context);
    case 'dotnet':
      return paths.some((path) => /\.slnx?$/.test(path)) ? 'source' : 'unknown';
    default:
      return 'unknown';
  }
}

/** Requirement files that these include by `-r` and `-c`, as paths in the context; null where one is not there. */
export function includedRequirements(paths: readonly string[], context: BuildContext): readonly string[] | null {
  const found = new Set(paths);
  for (const path of found) {
    const text = context.text(path) ?? '';
    for (const match of text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]\s*(\S+)/gm)) {
      const folder = path.split('/').slice(0, -1);
      const parts = [...folder, ...(match[1] ?? '').split('/')].filter((part) => part !== '.' && part !== '');
      const target = parts.join('/');
      if (parts.includes('..') || !isIncluded(context, target)) return null;
      found.add(target);
    }
  }
  return [...found];
}

function ofRequirements(paths: readonly string[], context: BuildContext): Asks {
  for (const path of paths) {
    const text = context.text(path);
    if (text === undefined) return 'unknown';
    for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
      const plain = line.replace(/(?:^|\s)#.*$/, '').trim();
      if (plain === '' || /^(?:-r|-c|--requirement|--constraint)\b/.test(plain)) continue;
      if (/^(?:-e|--editable|--find-links|-f)\b|file:|^\.{1,2}(?:\/|$)|^[\w./-]+\.(?:whl|tar\.gz|zip)$/.test(plain))
        return 'source';
      const isPlain = /^(?:--[\w-]+(?:[ =]\S+)*|[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[=<>~!@;(].*)?)$/.test(plain);
      if (!isPlain) return 'unknown';
    }
  }
  return 'yes';
}

interface PackageJson {
  readonly scripts?: Record<string, unknown>;
  readonly workspaces?: unknown;
  readonly bundleDependencies?: unknown;
  readonly patchedDependencies?: unknown;
  readonly pnpm?: unknown;
}

const anyLockfile = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

const dependencyKeys = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

function ofPackageJson(manager: PackageManager, paths: readonly string[], context: BuildContext): Asks {
  const path = paths.find((candidate) => /(?:^|\/)package\.json$/.test(candidate));
  const json = path === undefined ? null : parseJson(context.text(path));
  if (!json || path === undefined) return 'unknown';
  if (json.workspaces || paths.some((candidate) => candidate.endsWith('pnpm-workspace.yaml'))) return 'source';
  const record = json as Record<string, unknown>;
  const versions = dependencyKeys.flatMap((key) => Object.values(asRecord(record[key])));
  if (versions.length === 0) return 'nothing';
  if (versions.some((version) => /^(?:file|link|portal|workspace):|^[./~]/.test(String(version)))) return 'source';
  const scripts = asRecord(json.scripts);
  if (ecosystemOf(manager).hooks.some((hook) => scripts[hook] !== undefined)) return 'scripts';
  if (json.pnpm || json.patchedDependencies || paths.some((candidate) => candidate.endsWith('/'))) return 'unknown';
  const { lockfiles } = ecosystemOf(manager);
  if (!paths.some((candidate) => lockfiles.some((name) => candidate.endsWith(name)))) return 'unknown';
  const folder = path.slice(0, -'package.json'.length);
  // Some managers look into the lockfiles of others.
  if (anyLockfile.some((name) => isIncluded(context, folder + name) && !paths.includes(folder + name)))
    return 'unknown';
  // A copied node_modules would go over what was installed instead of under it.
  return isIncluded(context, `${folder}node_modules`) ? 'unknown' : 'yes';
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function parseJson(text: string | undefined): PackageJson | null {
  if (text === undefined) return null;
  try {
    return asRecord(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return null;
  }
}

/** What composer runs at an install. */
const composerEvents = ['pre-install-cmd', 'post-install-cmd', 'pre-autoload-dump', 'post-autoload-dump'];

function ofComposerJson(paths: readonly string[], context: BuildContext): Asks {
  const path = paths.find((candidate) => /(?:^|\/)composer\.json$/.test(candidate));
  const json = path === undefined ? null : (parseJson(context.text(path)) as Record<string, unknown> | null);
  if (!json) return 'unknown';
  const repositories = Object.values((json.repositories ?? {}) as Record<string, unknown>);
  if (repositories.some((repository) => asRecord(repository).type === 'path')) return 'source';
  const scripts = asRecord(json.scripts);
  return composerEvents.some((event) => scripts[event] !== undefined) ? 'scripts' : 'unknown';
}

function ofGoMod(paths: readonly string[], context: BuildContext): Asks {
  const path = paths.find((candidate) => candidate.endsWith('go.mod'));
  const text = path === undefined ? undefined : context.text(path);
  if (text === undefined) return 'unknown';
  if (!/^\s*require\b/m.test(text)) return 'nothing';
  return /=>\s*\.{0,2}\//.test(text) ? 'source' : 'unknown';
}
