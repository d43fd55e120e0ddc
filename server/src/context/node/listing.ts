/** The build context of a folder on this machine. Nothing is read before somebody asks: most files need no context at all. */
import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { BuildContext, ContextEntry } from '../context';
import { textLimit } from '../manifests';
import { unlistedFolders } from '../sources';
import { readIsArchive } from './archives';

/** A listing is cut after this many entries. */
export const entryLimit = 20_000;

/** Folders already listed, by their absolute path: Dockerfiles that share a context list it once. */
export type ContextCache = Map<string, Folder>;

/** What the Dockerfiles of one context have in common. */
export interface Folder {
  readonly root: string;
  readonly entries: ReadonlyMap<string, ContextEntry>;
  readonly complete: boolean;
  text(path: string): string | undefined;
}

/**
 * The context of a Dockerfile. `root` is the context's folder, `dockerfile` the path of the Dockerfile; null where it has none,
 * as on stdin. Reads lazily and synchronously, as suits a command.
 */
export function openContext(root: string, dockerfile: string | null, cache: ContextCache = new Map()): BuildContext {
  const absolute = resolve(root);
  const folder = cache.get(absolute) ?? openFolder(absolute);
  cache.set(absolute, folder);
  return buildContext(folder, dockerfile, readIgnoreFile(absolute, dockerfile));
}

/** Puts together what a folder holds and what belongs to one Dockerfile. */
export function buildContext(
  folder: Folder,
  dockerfile: string | null,
  ignoreFile: () => BuildContext['ignoreFile'],
): BuildContext {
  const dockerfilePath = dockerfile === null ? null : pathInside(folder.root, dockerfile);
  let known: BuildContext['ignoreFile'] | undefined;
  return {
    dockerfilePath,
    text: folder.text,
    get ignoreFile() {
      if (known === undefined) known = ignoreFile();
      return known;
    },
    get entries() {
      return folder.entries;
    },
    get complete() {
      return folder.complete;
    },
  };
}

/** The paths where an ignore file may be, in the order in which BuildKit looks: `<Dockerfile>.dockerignore` first. */
export function ignoreFileCandidates(root: string, dockerfile: string | null): string[] {
  const own = dockerfile === null ? [] : [`${resolve(dockerfile)}.dockerignore`];
  return [...own, join(root, '.dockerignore')];
}

function readIgnoreFile(root: string, dockerfile: string | null): () => BuildContext['ignoreFile'] {
  return () => {
    for (const path of ignoreFileCandidates(root, dockerfile)) {
      const text = tryReadText(path);
      if (text !== undefined) return { path: pathFrom(root, path), text };
    }
    return null;
  };
}

/** A path relative to the context's root with slashes, `../` in front where it lies outside. */
export function pathFrom(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

function pathInside(root: string, path: string): string | null {
  const inside = relative(realFolder(root), join(realFolder(dirname(resolve(path))), basename(path)));
  const outside = isAbsolute(inside) || inside === '..' || inside.startsWith(`..${sep}`);
  return outside ? null : inside.split(sep).join('/');
}

/** Links on the way to a folder must not make its files look as if they lay elsewhere. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function openFolder(root: string): Folder {
  const texts = new Map<string, string | undefined>();
  let listed: { entries: Map<string, ContextEntry>; complete: boolean } | null = null;
  const list = () => {
    listed ??= listFolder(root);
    return listed;
  };
  return {
    root,
    get entries() {
      return list().entries;
    },
    get complete() {
      return list().complete;
    },
    text(path) {
      if (!texts.has(path)) texts.set(path, readEntryText(root, path));
      return texts.get(path);
    },
  };
}

/** Lists a folder level by level, so that what is cut off is what lies deepest. */
function listFolder(root: string): { entries: Map<string, ContextEntry>; complete: boolean } {
  const entries = new Map<string, ContextEntry>();
  const waiting = [''];
  let complete = true;
  for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
    const names = tryList(join(root, folder));
    if (!names) {
      complete = false;
      continue;
    }
    for (const name of names) {
      const type = typeOf(name);
      if (!type) continue;
      if (entries.size >= entryLimit) return { entries, complete: false };
      const path = folder === '' ? name.name : `${folder}/${name.name}`;
      entries.set(path, new ListedEntry(type, join(root, path)));
      if (type === 'directory' && !unlistedFolders.has(name.name)) waiting.push(path);
    }
  }
  return { entries, complete };
}

/** An entry that asks the disk for its size and its content only when a rule does. */
class ListedEntry implements ContextEntry {
  readonly type: ContextEntry['type'];
  readonly #path: string;
  #size: number | undefined;
  #archive: boolean | undefined;

  constructor(type: ContextEntry['type'], path: string) {
    this.type = type;
    this.#path = path;
  }

  get size(): number {
    if (this.#size === undefined) this.#size = this.type === 'directory' ? 0 : sizeOf(this.#path);
    return this.#size;
  }

  get archive(): boolean {
    // What cannot be read might be one: then no rule may call it an ordinary file.
    if (this.#archive === undefined) this.#archive = this.type === 'file' && (readIsArchive(this.#path) ?? true);
    return this.#archive;
  }
}

/** The kind of an entry; null for sockets, devices and pipes, which no build context can hold. */
export function typeOf(entry: Dirent): ContextEntry['type'] | null {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : null;
}

/** The order of a listing does not depend on the file system. */
export function inOrder(entries: Dirent[]): Dirent[] {
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function tryList(path: string): Dirent[] | null {
  try {
    return inOrder(readdirSync(path, { withFileTypes: true }));
  } catch {
    return null;
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size;
  } catch {
    return 0;
  }
}

function readEntryText(root: string, path: string): string | undefined {
  const inside = pathInside(root, join(root, path));
  return inside === null ? undefined : tryReadText(join(root, path));
}

function tryReadText(path: string): string | undefined {
  try {
    const state = lstatSync(path);
    // A link may lead out of the context or to something endless; ignore files and manifests are hardly ever links.
    if (!state.isFile() || state.size > textLimit) return undefined;
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
