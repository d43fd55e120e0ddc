/** Absolute paths inside an image, '/'-separated. Windows paths are not handled here: their stages are left alone. */

/** Removes `.`, `..` and double slashes from an absolute path; a trailing slash goes too, except for the root. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** A path as seen from a working directory; null where the working directory is needed and not known. */
export function resolvePath(workdir: string | null, path: string): string | null {
  if (path.startsWith('/')) return normalizePath(path);
  if (workdir === null) return null;
  return normalizePath(`${workdir}/${path}`);
}

/** Whether `inner` is `outer` or lies below it. Both absolute and normalized. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || outer === '/' || inner.startsWith(`${outer}/`);
}

/** Whether two trees can share a path: one lies within the other. */
export function pathsMeet(first: string, second: string): boolean {
  return isWithin(first, second) || isWithin(second, first);
}
