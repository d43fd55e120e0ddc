/** What a path of the image has to do with an earlier COPY: is it the file, the folder or a part of what was copied. */
import type { BuildContext } from '../context/context';
import { startDirectory } from './base-config';
import { isSurelyFile } from './dependencies';
import { madeDirectories } from './directories';
import type { CopyStep, Step } from './model';
import { isWithin, normalizePath, resolvePath } from './paths';

/**
 * `file`: one of the files copied (`certain` where it can be no folder). `folder`: the folder that the COPY fills.
 * `above`: a folder further up. `part`: something below the folder.
 */
export interface CopiedPath {
  readonly kind: 'file' | 'folder' | 'above' | 'part';
  readonly certain: boolean;
}

/** A path as an absolute one; in an unknown working directory, one that only paths in the same directory share. */
export function absoluteIn(step: Step, path: string): string | null {
  const start = startDirectory(step);
  if (path.startsWith('/') || start !== null) return resolvePath(start, path);
  const moves = step.stage.steps.slice(0, step.index).filter((one) => one.keyword === 'WORKDIR').length;
  return moves > 0 || path.startsWith('..') ? null : normalizePath(`/?workdir/${path}`);
}

/** Where a COPY puts its files, where each source is one file or may be one; null where it fills a folder or that is not known. */
export function copiedFiles(copy: CopyStep, context: BuildContext | null): ReadonlyMap<string, boolean> | null {
  const destination = destinationOf(copy);
  if (destination === null || copy.sources.length === 0 || copy.body.heredocs.length > 0) return null;
  if (copy.body.flags.some(({ name }) => name === 'parents' || name === 'exclude' || name === 'unpack')) return null;
  const isFolder =
    destination.endsWith('/') ||
    copy.sources.length > 1 ||
    madeDirectories(copy.stage, copy.index).has(normalizePath(destination));
  const files = new Map<string, boolean>();
  for (const source of copy.sources) {
    const name = source.value?.split('/').at(-1);
    if (!name || name === '.' || name === '..' || /[*?[]/.test(name) || /^\w+:\/\//.test(source.value ?? ''))
      return null;
    const entry = copy.fromText === null ? context?.entries.get(normalizePath(`/${source.value}`).slice(1)) : undefined;
    if (entry?.type === 'directory') return null;
    const isFile = isSurelyFile(copy, source, context) && !(copy.keyword === 'ADD' && entry?.archive !== false);
    const target = isFolder ? normalizePath(`${destination}/${name}`) : normalizePath(destination);
    // A destination without an ending, or with that of a folder, may be a folder that is there.
    files.set(target, isFile && (isFolder || /\.(?!(?:d|com|org|net|io)$)\w+$/.test(destination)));
  }
  return files;
}

/** The folder that a COPY of one folder fills; null where it may copy files, or that is not known. */
export function copiedFolder(copy: CopyStep, context: BuildContext | null): string | null {
  const destination = destinationOf(copy);
  if (destination === null || copy.body.heredocs.length > 0 || copy.sources.length === 0) return null;
  if (copy.body.flags.some(({ name }) => name === 'parents')) return null;
  const isTree = copy.sources.every((source) => {
    const { value } = source;
    if (value === null || /^\w+:\/\//.test(value)) return false;
    return !isSurelyFile(copy, source, context);
  });
  return isTree ? normalizePath(destination) : null;
}

/** What a path is to a COPY; null where they have nothing to do with each other, or that is not known. */
export function relationTo(
  copy: CopyStep,
  path: string,
  isRecursive: boolean,
  context: BuildContext | null,
): CopiedPath | null {
  const files = copiedFiles(copy, context);
  const certain = files?.get(path);
  const folder = copiedFolder(copy, context);
  if (certain !== undefined && !(isRecursive && !certain)) return { kind: 'file', certain };
  if (isRecursive && folder !== null && path === folder) return { kind: 'folder', certain: true };
  if (isRecursive && path !== '/') {
    const targets = [...(files?.keys() ?? []), ...(folder === null ? [] : [folder])];
    if (targets.some((target) => isWithin(target, path))) return { kind: 'above', certain: true };
  }
  if (folder === null || folder === '/' || !isWithin(path, folder) || path === folder) return null;
  return { kind: 'part', certain: isInContext(copy, folder, path, context) };
}

/** Whether the context shows that the COPY of a folder brings a path. */
function isInContext(copy: CopyStep, folder: string, path: string, context: BuildContext | null): boolean {
  if (context === null || copy.fromText !== null) return false;
  return copy.sources.some(({ value }) => {
    const source = normalizePath(`/${value ?? ''}`).slice(1);
    const below = path.slice(folder.length + 1);
    return context.entries.has(source === '' ? below : `${source}/${below}`);
  });
}

function destinationOf(copy: CopyStep): string | null {
  const value = copy.destination?.value ?? null;
  const path = value === null ? null : absoluteIn(copy, value);
  if (path === null || value === null) return null;
  return /(?:^|\/)\.{0,2}$/.test(value) && path !== '/' ? `${path}/` : path;
}
