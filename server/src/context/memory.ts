/** A build context from texts in memory: for examples, tests, and editors without a disk. */
import type { BuildContext, ContextEntry } from './context';

/** First characters of the archives that ADD unpacks. */
const archiveStarts = ['\x1f\x8b', 'BZh', '\xfd7zXZ', '(\xb5/\xfd'];

/** Builds a complete context from path → content; a path that ends in `/` is an empty directory. */
export function contextFromFiles(files: Readonly<Record<string, string>>, dockerfilePath = 'Dockerfile'): BuildContext {
  const entries = new Map<string, ContextEntry>();
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = 1; depth < parts.length; depth++)
      entries.set(parts.slice(0, depth).join('/'), { type: 'directory', size: 0 });
    const archive = archiveStarts.some((start) => content.startsWith(start)) || content.slice(257, 262) === 'ustar';
    entries.set(
      parts.join('/'),
      path.endsWith('/') ? { type: 'directory', size: 0 } : { type: 'file', size: content.length, archive },
    );
  }
  const ignorePath = [`${dockerfilePath}.dockerignore`, '.dockerignore'].find((path) => files[path] !== undefined);
  return {
    ignoreFile: ignorePath === undefined ? null : { path: ignorePath, text: files[ignorePath] ?? '' },
    dockerfilePath,
    complete: true,
    entries,
    text: (path) => files[path],
  };
}
