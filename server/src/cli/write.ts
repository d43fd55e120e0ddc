/** Writing a file so that nobody ever sees half of it and nobody's work is lost. */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';

/**
 * Replaces a file's content in one step: a temporary file beside it is renamed over it, with the same mode and, where that is
 * allowed, owner. A link stays a link, and what it leads to is replaced. Throws, and changes nothing, where the file no
 * longer holds `expected`. With `backup` the file as it was is kept beside it; returns where, else null.
 */
export function replaceFile(path: string, expected: Uint8Array, content: string, backup = false): string | null {
  const target = realpathSync(path);
  const state = statSync(target);
  if (!state.isFile()) throw new Error(l10n.t('not a regular file'));
  accessSync(target, constants.W_OK);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}~`);
  try {
    writeTemporary(temporary, content, state);
    // As late as possible: whoever saved the file while we were at it must not lose that.
    if (!readFileSync(target).equals(expected)) throw new Error(l10n.t('changed on disk meanwhile; left as it is'));
    const kept = backup ? keepBackup(target) : null;
    renameSync(temporary, target);
    return kept;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Creates a file that must not be there yet, and the folders it lies in. False where there is one already. */
export function createFile(path: string, content: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Adds to the end of a file that must still hold the given text; throws, and changes nothing, where it does not. */
export function addToFile(path: string, follows: string, content: string): boolean {
  replaceFile(path, Buffer.from(follows), `${follows}${content}`);
  return true;
}

function writeTemporary(path: string, content: string, like: Stats): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    keepOwner(file, like);
    // After the owner: changing that takes the set-id bits away.
    fchmodSync(file, like.mode & 0o7777);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function keepOwner(file: number, like: Stats): void {
  try {
    fchownSync(file, like.uid, like.gid);
  } catch {
    // Only root may give files away; the file is then the user's own, as it is after saving in most editors.
  }
}

/** `Dockerfile~`, else `Dockerfile~2` and so on: names that no search for Dockerfiles finds, and no older backup is lost. */
function keepBackup(path: string): string {
  for (let number = 1; ; number += 1) {
    const backup = number === 1 ? `${path}~` : `${path}~${number}`;
    try {
      copyFileSync(path, backup, constants.COPYFILE_EXCL);
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
