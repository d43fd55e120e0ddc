/** Which files a command is about, and what is in them. */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file to be read. */
export interface Input {
  /** As the user named it, or as it was found below a folder so named. */
  readonly name: string;
  /** Null for standard input. */
  readonly path: string | null;
}

/** What a file holds. */
export interface Source {
  /** Without a byte order mark: editors do not count it either, and BuildKit skips it. */
  readonly text: string;
  /** The byte order mark, or ''. */
  readonly mark: string;
  readonly bytes: Uint8Array;
  /** False where bytes had to be replaced to make a text of them: such a file must not be written back. */
  readonly isUtf8: boolean;
}

/** Folders that are never searched: what is in them is not the author's. */
const skippedFolders = new Set(['.git', 'node_modules']);

/** Whether a file found in a folder is a Dockerfile. `Dockerfile.dockerignore` is an ignore file. */
export function isDockerfileName(name: string): boolean {
  return /^(?:(?:Dockerfile|Containerfile)(?:\..+)?|.+\.Dockerfile)$/s.test(name) && !name.endsWith('.dockerignore');
}

/**
 * The files that paths stand for, each once and in the order of the paths. What cannot be searched is told to `onError`, a folder
 * without a Dockerfile to `onEmpty`.
 */
export function findInputs(
  paths: readonly string[],
  onError: (path: string, error: unknown) => void,
  onEmpty: (folder: string) => void,
): Input[] {
  const inputs = new Map<string, Input>();
  for (const path of paths) {
    if (path === '-') {
      inputs.set('-', { name: '-', path: null });
      continue;
    }
    if (!isFolder(path)) {
      // Whether it is there shows when it is read; asking twice would only be slower.
      inputs.set(join(path), { name: path, path });
      continue;
    }
    let found = 0;
    for (const file of searchFolder(path, onError)) {
      found += 1;
      inputs.set(join(file), { name: file, path: file });
    }
    if (found === 0) onEmpty(path);
  }
  return [...inputs.values()];
}

/** The Dockerfiles below a folder, in the order of their paths. Links to folders are not followed, so there is no end of loops. */
function* searchFolder(folder: string, onError: (path: string, error: unknown) => void): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    onError(folder, error);
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* searchFolder(path, onError);
    } else if (isDockerfileName(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && isFile(path)))) yield path;
  }
}

/** Reads a file. Throws what reading throws. */
export function readSource(path: string): Source {
  return decode(readFileSync(path));
}

/** Reads standard input to its end. */
export async function readStdin(): Promise<Source> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return decode(Buffer.concat(chunks));
}

/** Bytes as text. What is not UTF-8 still can be checked, with U+FFFD for what makes no sense. */
export function decode(bytes: Uint8Array): Source {
  let decoded: string;
  let isUtf8 = true;
  try {
    decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    isUtf8 = false;
    decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  }
  const mark = decoded.startsWith('\uFEFF') ? '\uFEFF' : '';
  return { text: decoded.slice(mark.length), mark, bytes, isUtf8 };
}

function isFolder(path: string): boolean {
  return stateOf(path)?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return stateOf(path)?.isFile() ?? false;
}

/** Errors such as a loop of links are told when the file is read. */
function stateOf(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
