/** Reads tar archives as Docker writes them: ustar with pax headers, and GNU long names. */

export type TarType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'char' | 'block' | 'fifo';

export interface TarEntry {
  /** As written, without a leading `./` or `/` and without a trailing `/`; empty for the root. */
  readonly path: string;
  readonly type: TarType;
  /** The permission bits, set-uid, set-gid and sticky among them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** The target of a link; for a hard link a path of the archive. */
  readonly link: string;
  /** Major and minor number of a device, as `8:1`. */
  readonly device: string;
  readonly xattrs: Readonly<Record<string, string>>;
  /** A view into the archive, not a copy. */
  readonly content: Buffer;
}

const types: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
  '7': 'file',
};

/** All entries of an archive in their order. A path may come twice: the later one replaces the earlier. */
export function readTar(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  let pax: ReadonlyMap<string, string> = new Map();
  let longName: string | undefined;
  let longLink: string | undefined;
  for (let at = 0; at + 512 <= archive.length; ) {
    if (archive[at] === 0) break;
    const block = archive.subarray(at, at + 512);
    const kind = String.fromCharCode(block[156] ?? 0);
    const size = pax.has('size') ? Number(pax.get('size')) : readNumber(block, 124, 12);
    const content = archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    if (kind === 'x') pax = readPax(content);
    else if (kind === 'L') longName = readText(content, 0, content.length);
    else if (kind === 'K') longLink = readText(content, 0, content.length);
    if ('xgLK'.includes(kind)) continue;
    const type = types[kind];
    if (!type) throw new Error(`tar: entry of unknown type ${JSON.stringify(kind)}`);
    const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? readText(block, 345, 155) : '';
    const name = readText(block, 0, 100);
    const path = pax.get('path') ?? longName ?? (prefix ? `${prefix}/${name}` : name);
    const link = pax.get('linkpath') ?? longLink ?? readText(block, 157, 100);
    entries.push({
      path: normalizePath(path),
      type,
      mode: readNumber(block, 100, 8) & 0o7777,
      uid: pax.has('uid') ? Number(pax.get('uid')) : readNumber(block, 108, 8),
      gid: pax.has('gid') ? Number(pax.get('gid')) : readNumber(block, 116, 8),
      link: type === 'hardlink' ? normalizePath(link) : link,
      device: type === 'char' || type === 'block' ? `${readNumber(block, 329, 8)}:${readNumber(block, 337, 8)}` : '',
      xattrs: readXattrs(pax),
      content,
    });
    pax = new Map();
    longName = undefined;
    longLink = undefined;
  }
  return entries;
}

function normalizePath(path: string): string {
  return path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function readText(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
}

/** A number in octal, or in base 256 as GNU writes large ones. */
function readNumber(block: Buffer, at: number, length: number): number {
  if (((block[at] ?? 0) & 0x80) !== 0) {
    let value = (block[at] ?? 0) & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] ?? 0);
    return value;
  }
  return Number.parseInt(readText(block, at, length).trim() || '0', 8);
}

function readPax(content: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    if (!(length > 0)) break;
    const record = content.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    // Extended attributes may hold any bytes: latin1 keeps each of them.
    const key = record.toString('utf8', 0, equals);
    records.set(key, record.toString(key.startsWith('SCHILY.xattr.') ? 'latin1' : 'utf8', equals + 1));
    at += length;
  }
  return records;
}

function readXattrs(pax: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [key, value] of pax) if (key.startsWith('SCHILY.xattr.')) found[key.slice(13)] = value;
  return found;
}
