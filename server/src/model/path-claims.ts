/** Parts of the file system that a step reads or writes, and whether two of them can be the same files. */
import type { PackageManager } from '../shell/packages';
import { ecosystems } from './ecosystems';
import { isWithin, pathsMeet } from './paths';

/**
 * `tree`: a path and everything below it. `system`: what a distribution's and a language's package managers share, the
 * download caches of `own` managers included, those of others left out. `anything`: all but the caches of other managers.
 * `program`: the executable a command starts.
 */
export type PathClaim =
  | { readonly kind: 'tree'; readonly path: string }
  | { readonly kind: 'system' | 'anything'; readonly own: readonly PackageManager[] }
  | { readonly kind: 'program'; readonly name: string };

/** A claim on a path and everything below it; the part of a pattern before its first wildcard counts. */
export function treeClaim(path: string): PathClaim {
  const wildcard = path.search(/[*?[]/);
  if (wildcard < 0) return { kind: 'tree', path };
  return { kind: 'tree', path: path.slice(0, path.lastIndexOf('/', wildcard)) || '/' };
}

/** Whether two claims can share a file. */
export function claimsMeet(a: PathClaim, b: PathClaim): boolean {
  if (a.kind === 'tree' && b.kind === 'tree') return pathsMeet(canonical(a.path), canonical(b.path));
  if (a.kind === 'tree') return treeMeets(canonical(a.path), b);
  if (b.kind === 'tree') return treeMeets(canonical(b.path), a);
  // An install replaces no program by another one of the same name.
  return a.kind !== 'program' && b.kind !== 'program';
}

/** The path to name the meeting of two claims by: the narrower one. */
export function meetingText(a: PathClaim, b: PathClaim): string {
  if (a.kind === 'tree' && b.kind === 'tree') return a.path.length >= b.path.length ? a.path : b.path;
  if (a.kind === 'tree') return a.path;
  if (b.kind === 'tree') return b.path;
  return a.kind === 'program' ? a.name : b.kind === 'program' ? b.name : '/usr';
}

const binaries = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/root/.local/bin', '/root/bin'];

const systemTrees = '/boot /dev /etc /proc /run /sys /tmp /usr /var /root /nix /snap'.split(' ');

function treeMeets(path: string, claim: PathClaim): boolean {
  if (claim.kind === 'program')
    return binaries.some((folder) => isWithin(folder, path) || path === `${folder}/${claim.name}`);
  if (claim.kind === 'tree') return pathsMeet(path, claim.path);
  if (isCacheOfOthers(path, claim.own)) return false;
  if (claim.kind === 'anything') return true;
  if (isPrivateFolder(path)) return false;
  return systemTrees.some((tree) => pathsMeet(path, tree));
}

/** Folders in system trees that no package brings: an author's own. */
function isPrivateFolder(path: string): boolean {
  return /^\/usr\/src\/(?!linux|kernels|python)\w|^\/usr\/app(?:\/|$)|^\/root\/[^.]|^\/tmp\/(?!apt|dpkg|pip|npm|yarn|tmp|v8|node|hsperf)\w/.test(
    path,
  );
}

function isCacheOfOthers(path: string, own: readonly PackageManager[]): boolean {
  const isCacheOf = (manager: PackageManager) => cachesOf(manager).some((cache) => isWithin(path, cache));
  return !own.some(isCacheOf) && ecosystems.some((ecosystem) => isCacheOf(ecosystem.manager));
}

const aptCaches = ['/var/lib/apt/lists', '/var/cache/apt'];

/** The cache folders of a manager as absolute paths, for root. */
export function cachesOf(manager: PackageManager): readonly string[] {
  if (manager === 'apt' || manager === 'apt-get' || manager === 'aptitude') return aptCaches;
  const entry = ecosystems.find((ecosystem) => ecosystem.manager === manager);
  return (entry?.caches ?? []).map((cache) => cache.replace(/^~/, '/root').replace(/\/\*.*$/, ''));
}

/** Paths that are links in every current distribution. */
function canonical(path: string): string {
  const merged = /^\/(?:bin|sbin|lib|lib32|lib64|libx32)(?=\/|$)/.test(path) ? `/usr${path}` : path;
  return merged.replace(/^\/var\/(run|lock)(?=\/|$)/, (_, name: string) => (name === 'run' ? '/run' : '/run/lock'));
}
