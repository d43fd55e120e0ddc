/** Puts the layers of an image on top of each other: the file system that a container would see. */
import { createHash } from 'node:crypto';
import { readTar, type TarEntry } from './tar-read';

/** A file, directory, link or device of an image; its time is left out on purpose. */
export interface ImageFile {
  readonly type: 'file' | 'directory' | 'symlink' | 'char' | 'block' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes; 0 for anything but a file. */
  readonly size: number;
  /** The SHA-256 of the content; empty for anything but a file. */
  readonly content: string;
  /** The target of a symbolic link. */
  readonly link: string;
  /** Major and minor number of a device. */
  readonly device: string;
  /** Extended attributes, sorted, as `name=value` lines. */
  readonly xattrs: string;
}

/** What one layer does to the files below it. Paths begin with `/` and do not end with one. */
export interface LayerFiles {
  /** What the layer brings, directories before what is in them. */
  readonly files: ReadonlyMap<string, ImageFile>;
  /** What it takes away. */
  readonly whiteouts: readonly string[];
  /** Directories whose former content is gone. */
  readonly opaque: readonly string[];
  /** The length of its archive. */
  readonly size: number;
}

/** Reads the archive of a layer. Hard links become files of the same content. */
export function readLayer(archive: Buffer): LayerFiles {
  const files = new Map<string, ImageFile>();
  const whiteouts: string[] = [];
  const opaque: string[] = [];
  for (const entry of readTar(archive)) {
    const path = `/${entry.path}`;
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (name === '.wh..wh..opq') opaque.push(path.slice(0, slash) || '/');
    else if (name.startsWith('.wh..wh.')) continue;
    else if (name.startsWith('.wh.')) whiteouts.push(`${path.slice(0, slash)}/${name.slice(4)}`);
    else if (entry.type === 'hardlink') {
      const target = files.get(`/${entry.link}`);
      if (!target) throw new Error(`layer: hard link ${path} to ${entry.link}, which is not in the layer`);
      files.set(path, target);
    } else files.set(path, toImageFile(entry, entry.type));
  }
  return { files, whiteouts, opaque, size: archive.length };
}

/** The files of an image from its layers, the lowest first. */
export function flattenLayers(layers: readonly LayerFiles[]): Map<string, ImageFile> {
  const all = new Map<string, ImageFile>();
  for (const { files, whiteouts, opaque } of layers) {
    for (const path of whiteouts) {
      all.delete(path);
      deleteBelow(all, path);
    }
    for (const path of opaque) deleteBelow(all, path);
    for (const [path, file] of files) {
      if (file.type !== 'directory' && all.get(path)?.type === 'directory') deleteBelow(all, path);
      all.set(path, file);
    }
  }
  return all;
}

function deleteBelow(files: Map<string, ImageFile>, directory: string): void {
  const prefix = directory === '/' ? '/' : `${directory}/`;
  for (const path of files.keys()) if (path.startsWith(prefix) && path !== prefix) files.delete(path);
}

function toImageFile(entry: TarEntry, type: ImageFile['type']): ImageFile {
  const isFile = type === 'file';
  return {
    type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: isFile ? entry.content.length : 0,
    content: isFile ? createHash('sha256').update(entry.content).digest('hex') : '',
    link: type === 'symlink' ? entry.link : '',
    device: entry.device,
    xattrs: Object.entries(entry.xattrs)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join('\n'),
  };
}
