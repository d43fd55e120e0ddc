/** Folders of this machine as files of an image. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { NewFile, NewFiles } from './tar-write';

/** Everything below a folder, under `target` in the image; `isWanted` is asked for the paths there. */
export function filesOf(folder: string, target = '', isWanted: (path: string) => boolean = () => true): NewFiles {
  const files: Record<string, NewFile> = {};
  const walk = (from: string, to: string): void => {
    for (const name of readdirSync(from).sort()) {
      const path = to === '' ? name : `${to}/${name}`;
      if (!isWanted(path)) continue;
      const source = join(from, name);
      const status = lstatSync(source);
      if (status.isSymbolicLink()) files[path] = { link: readlinkSync(source) };
      else if (status.isDirectory()) {
        files[`${path}/`] = { mode: status.mode & 0o7777 };
        walk(source, path);
      } else if (status.isFile()) files[path] = { content: readFileSync(source), mode: status.mode & 0o7777 };
    }
  };
  walk(folder, target);
  return files;
}

/** One file of this machine, links followed. */
export const fileOf = (path: string): NewFile => ({ content: readFileSync(path), mode: 0o755 });
