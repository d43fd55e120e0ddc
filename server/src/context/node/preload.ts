/** The build context of a folder, read beforehand without blocking: for the language server. */
import type { Dirent } from 'node:fs';
import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BuildContext, ContextEntry } from '../context';
import { isManifest, textLimit } from '../manifests';
import { unlistedFolders } from '../sources';
import { isArchive } from './archives';
import { buildContext, entryLimit, type Folder, ignoreFileCandidates, inOrder, pathFrom, typeOf } from './listing';

/** Files looked into for being an archive, the topmost first. */
const sniffLimit = 400;
/** Manifests read, the topmost first. */
const manifestLimit = 500;
/** Files open at a time, and how many one worker takes before it lets the requests of the editor through. */
const parallel = 4;
const filesInARow = 8;
/** Milliseconds of such a break. */
const breakTime = 3;
/** Milliseconds at the start without breaks: who has just opened a document waits for its first findings, and does not type yet. */
const headStart = 150;
/** Bytes read of a file to tell an archive. */
const sampleSize = 4_096;

/**
 * Reads the context of a Dockerfile: its listing with sizes, its ignore file and its manifests. `root` is the context's folder,
 * `dockerfile` the Dockerfile's path or null. Rejects only when `signal` is aborted.
 */
export async function loadContext(
  root: string,
  dockerfile: string | null,
  signal?: AbortSignal,
): Promise<BuildContext> {
  const absolute = resolve(root);
  const folder = await loadFolder(absolute, signal);
  return contextIn(folder, dockerfile);
}

/** The context of another Dockerfile in a folder that was loaded already. */
export async function contextIn(folder: Folder, dockerfile: string | null): Promise<BuildContext> {
  let ignoreFile: BuildContext['ignoreFile'] = null;
  for (const path of ignoreFileCandidates(folder.root, dockerfile)) {
    const text = await tryReadText(path);
    if (text === undefined) continue;
    ignoreFile = { path: pathFrom(folder.root, path), text };
    break;
  }
  return buildContext(folder, dockerfile, () => ignoreFile);
}

/** Lists a folder and reads what rules may ask of it. */
export async function loadFolder(root: string, signal?: AbortSignal): Promise<Folder> {
  const breaksFrom = performance.now() + headStart;
  const { entries, complete } = await listFolder(root, signal);
  const texts = new Map<string, string>();
  const files = [...entries].filter(([, entry]) => entry.type === 'file').map(([path]) => path);
  const archives = new Map<string, boolean>();
  const sizes = new Map<string, number>();
  const forEach = (paths: readonly string[], act: (path: string) => Promise<void>) =>
    forEachOf(paths, { signal, breaksFrom }, act);
  await forEach(files, async (path) => {
    sizes.set(path, (await lstat(join(root, path)).catch(() => null))?.size ?? 0);
  });
  await forEach(files.slice(0, sniffLimit), async (path) => {
    const archive = await readIsArchive(join(root, path));
    if (archive !== undefined) archives.set(path, archive);
  });
  await forEach(files.filter(isManifest).slice(0, manifestLimit), async (path) => {
    const text = await tryReadText(join(root, path));
    if (text !== undefined) texts.set(path, text);
  });
  for (const path of files) {
    const archive = archives.get(path);
    const size = sizes.get(path) ?? 0;
    entries.set(path, archive === undefined ? { type: 'file', size } : { type: 'file', size, archive });
  }
  return { root, entries, complete, text: (path) => texts.get(path) };
}

async function listFolder(
  root: string,
  signal: AbortSignal | undefined,
): Promise<{ entries: Map<string, ContextEntry>; complete: boolean }> {
  const entries = new Map<string, ContextEntry>();
  const waiting = [''];
  let complete = true;
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    signal?.throwIfAborted();
    const names: Dirent[] | null = await readdir(join(root, folder), { withFileTypes: true }).catch(() => null);
    if (!names) {
      complete = false;
      continue;
    }
    for (const name of inOrder(names)) {
      const type = typeOf(name);
      if (!type) continue;
      if (entries.size >= entryLimit) return { entries, complete: false };
      const path = folder === '' ? name.name : `${folder}/${name.name}`;
      entries.set(path, { type, size: 0 });
      if (type === 'directory' && !unlistedFolders.has(name.name)) waiting.push(path);
    }
  }
  return { entries, complete };
}

interface Pace {
  readonly signal: AbortSignal | undefined;
  /** When breaks begin, as `performance.now` has it. */
  readonly breaksFrom: number;
}

/** Does something with each, a few at a time. */
async function forEachOf(
  paths: readonly string[],
  { signal, breaksFrom }: Pace,
  act: (path: string) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let path = paths[next++], done = 1; path !== undefined; path = paths[next++], done++) {
      signal?.throwIfAborted();
      await act(path);
      if (done % filesInARow === 0 && performance.now() > breaksFrom) await setTimeout(breakTime);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

async function readIsArchive(path: string): Promise<boolean | undefined> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return undefined;
  try {
    const buffer = Buffer.alloc(sampleSize);
    const { bytesRead } = await file.read(buffer, 0, sampleSize, 0);
    return isArchive(buffer.subarray(0, bytesRead));
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

async function tryReadText(path: string): Promise<string | undefined> {
  try {
    const state = await lstat(path);
    if (!state.isFile() || state.size > textLimit) return undefined;
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
