/** Reads an image that `docker save` or an OCI tool wrote as a tar archive: what each layer holds, and what later ones hide. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { Decompress } from 'fzstd';
import { hiddenBytes, type LayerFile } from '../layer-files';
import { type ByteReader, type ByteSource, readBytes } from './byte-reader';
import { isChecked, tarEntries } from './tar-entries';

/** One entry of the image's history, the lowest first; those without a layer have a size of null. */
export interface ArchiveEntry {
  readonly createdBy: string;
  /** Bytes of the files in its layer. */
  readonly size: number | null;
  /** Bytes of these files that later layers delete or replace. */
  readonly wasted: number | null;
}

/** `reason`: localized, for the user. */
export type ArchiveOutcome =
  | { readonly kind: 'image'; readonly entries: readonly ArchiveEntry[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Larger texts than this are no manifest and no configuration. */
const jsonLimit = 8_000_000;
/** Files that all layers may have together. */
const fileLimit = 5_000_000;

/** Whether a file begins like an image archive does, compressed or not. */
export function looksLikeArchive(start: Buffer): boolean {
  return kindOf(start) !== 'other';
}

/** Reads an archive. Never fails; rejects only where `signal` is aborted. */
export async function readImageArchive(path: string, signal?: AbortSignal): Promise<ArchiveOutcome> {
  const stream = createReadStream(path, { highWaterMark: 1 << 20, signal });
  try {
    return await readImageStream(stream);
  } finally {
    stream.destroy();
    signal?.throwIfAborted();
  }
}

/** Reads an archive as it comes along. Never fails. */
export async function readImageStream(stream: ByteSource): Promise<ArchiveOutcome> {
  try {
    return await readFrom(stream);
  } catch (error) {
    return unreadable(describe(error));
  }
}

const unreadable = (reason: string): ArchiveOutcome => ({ kind: 'unreadable', reason });

function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT') return l10n.t('There is no such file.');
  if (code === 'EACCES' || code === 'EPERM') return l10n.t('The file may not be read.');
  if (error instanceof TooLarge) return l10n.t('The archive holds more files than can be looked at.');
  return l10n.t('The archive is damaged or was cut short. Save the image again.');
}

class TooLarge extends Error {}

/** What was found in the archive, by path. */
interface Contents {
  readonly texts: Map<string, string>;
  readonly layers: Map<string, readonly LayerFile[]>;
  files: number;
}

async function readFrom(stream: ByteSource): Promise<ArchiveOutcome> {
  const outer = readBytes(stream);
  const kind = kindOf(await outer.peek(512));
  if (kind === 'other') return unreadable(l10n.t('This file is no tar archive.'));
  const reader = kind === 'tar' ? outer : readBytes(decompressed(outer.rest(), kind));
  const contents: Contents = { texts: new Map(), layers: new Map(), files: 0 };
  for await (const { path, type, size, content } of tarEntries(reader)) {
    if (type !== 'file') continue;
    const start = await content.peek(512);
    const inner = kindOf(start);
    if (inner !== 'other') contents.layers.set(path, await readLayer(content, size, inner, contents));
    else if (size <= jsonLimit && /^\s*[[{]/.test(start.toString('latin1')))
      contents.texts.set(path, (await content.read(size)).toString('utf8'));
  }
  return assemble(contents);
}

type Kind = 'tar' | 'gzip' | 'zstd' | 'other';

function kindOf(start: Buffer): Kind {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  if (start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (start.length < 512) return 'other';
  // An empty layer is nothing but the end of an archive.
  return isChecked(start) || start.every((byte) => byte === 0) ? 'tar' : 'other';
}

async function readLayer(content: ByteReader, size: number, kind: Kind, contents: Contents): Promise<LayerFile[]> {
  const bytes = content.pieces(size);
  const reader = readBytes(kind === 'gzip' || kind === 'zstd' ? decompressed(bytes, kind) : bytes);
  const files: LayerFile[] = [];
  for await (const entry of tarEntries(reader)) {
    files.push({ path: entry.path, size: entry.size, isFolder: entry.type === 'directory' });
    if (++contents.files > fileLimit) throw new TooLarge();
  }
  // What stands behind the end of the inner archive belongs to it all the same.
  for await (const _ of reader.rest());
  return files;
}

/** Unpacks a stream. */
async function* decompressed(source: ByteSource, kind: 'gzip' | 'zstd'): ByteSource {
  if (kind === 'gzip') {
    const gunzip = createGunzip();
    const input = Readable.from(source, { objectMode: true });
    input.on('error', (error) => gunzip.destroy(error));
    yield* input.pipe(gunzip) as AsyncIterable<Buffer>;
    return;
  }
  let unpacked: Uint8Array[] = [];
  const decoder = new Decompress((piece) => unpacked.push(piece));
  for await (const piece of source) {
    decoder.push(piece);
    const ready = unpacked;
    unpacked = [];
    yield* ready;
  }
}

interface ImageParts {
  readonly config: Record<string, unknown>;
  readonly layers: readonly (readonly LayerFile[])[];
}

function assemble(contents: Contents): ArchiveOutcome {
  const parts = dockerImage(contents) ?? ociImage(contents);
  if (!parts)
    return unreadable(
      l10n.t('There is no image in this archive: it is neither one of `docker save` nor an OCI image.'),
    );
  const wasted = hiddenBytes(parts.layers);
  const sizes = parts.layers.map((files) => files.reduce((sum, file) => sum + file.size, 0));
  const history = objects(parts.config.history);
  const made = history.filter((entry) => entry.empty_layer !== true).length;
  const entries: ArchiveEntry[] = [];
  // Layers that the history does not speak of are the lowest: those of a base whose history was lost.
  let layer = Math.max(0, sizes.length - made);
  for (let index = 0; index < layer; index++)
    entries.push({ createdBy: '', size: sizes[index] ?? 0, wasted: wasted[index] ?? 0 });
  for (const entry of history) {
    const createdBy = typeof entry.created_by === 'string' ? entry.created_by : '';
    const isEmpty = entry.empty_layer === true || layer >= sizes.length;
    entries.push({
      createdBy,
      size: isEmpty ? null : (sizes[layer] ?? 0),
      wasted: isEmpty ? null : (wasted[layer] ?? 0),
    });
    if (!isEmpty) layer++;
  }
  return { kind: 'image', entries };
}

/** `manifest.json`: a list of images with the paths of their parts. */
function dockerImage(contents: Contents): ImageParts | null {
  const [image] = objects(parse(contents.texts.get('manifest.json')));
  if (!image) return null;
  const config = parse(contents.texts.get(String(image.Config)));
  return partsOf(contents, config, Array.isArray(image.Layers) ? image.Layers.map(String) : []);
}

/** `index.json`: descriptors that lead to a manifest, perhaps by way of another index. */
function ociImage(contents: Contents): ImageParts | null {
  let manifest = parse(contents.texts.get('index.json'));
  for (let depth = 0; depth < 4 && isObject(manifest) && Array.isArray(manifest.manifests); depth++) {
    // Attestations are kept beside an image, for no platform.
    const candidates = objects(manifest.manifests).filter(
      ({ platform }) => !isObject(platform) || platform.os !== 'unknown',
    );
    manifest = parse(contents.texts.get(blobPath(candidates[0])));
  }
  if (!isObject(manifest) || !Array.isArray(manifest.layers)) return null;
  const config = isObject(manifest.config) ? parse(contents.texts.get(blobPath(manifest.config))) : null;
  return partsOf(contents, config, objects(manifest.layers).map(blobPath));
}

function partsOf(contents: Contents, config: unknown, paths: readonly string[]): ImageParts | null {
  const layers = paths.flatMap((path) => {
    const files = contents.layers.get(path.replace(/^\.\//, ''));
    return files ? [files] : [];
  });
  return isObject(config) && layers.length === paths.length ? { config, layers } : null;
}

/** `sha256:abc` is kept as `blobs/sha256/abc`. */
const blobPath = (descriptor: Record<string, unknown> | undefined): string =>
  `blobs/${String(descriptor?.digest ?? '').replace(':', '/')}`;

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function objects(value: unknown): Record<string, unknown>[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isObject);
}
