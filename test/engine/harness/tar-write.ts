/** Writes tar archives: build contexts and root file systems, always with the same times, so that caches hit. */

export interface NewFile {
  /** Text is stored as UTF-8. */
  readonly content?: string | Buffer;
  /** 0644 for files and 0755 for directories unless told. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970; the same for all unless told. */
  readonly modified?: number;
  /** Makes it a symbolic link to this. */
  readonly link?: string;
  /** Makes it a hard link to this path of the archive. */
  readonly hardLink?: string;
  /** Extended attributes. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** Files by their path; a path that ends in `/` is a directory. */
export type NewFiles = Readonly<Record<string, NewFile | string>>;

/** Seconds since 1970 that every file carries: 14 November 2023. */
const modified = 1_700_000_000;

/** The archive of these files, in their order. Parent directories that are not listed are left to the reader to make. */
export function writeTar(files: NewFiles): Buffer {
  const blocks: Buffer[] = [];
  for (const [path, entry] of Object.entries(files)) {
    const file = typeof entry === 'string' ? { content: entry } : entry;
    const isDirectory = path.endsWith('/');
    const type = file.hardLink !== undefined ? '1' : file.link !== undefined ? '2' : isDirectory ? '5' : '0';
    const content = Buffer.from(type === '0' ? (file.content ?? '') : '');
    const name = path.replace(/^\/+/, '');
    const link = file.hardLink ?? file.link ?? '';
    const records = Object.entries(file.xattrs ?? {}).map(([key, value]) => paxRecord(`SCHILY.xattr.${key}`, value));
    if (Buffer.byteLength(name) > 100) records.push(paxRecord('path', name));
    if (Buffer.byteLength(link) > 100) records.push(paxRecord('linkpath', link));
    if (records.length > 0) {
      const pax = Buffer.concat(records);
      blocks.push(header('pax', 'x', pax.length, { mode: 0o644 }, ''), padded(pax));
    }
    const mode = file.mode ?? (isDirectory ? 0o755 : type === '2' ? 0o777 : 0o644);
    blocks.push(header(name, type, content.length, { ...file, mode }, link), padded(content));
  }
  blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

function header(name: string, type: string, size: number, file: NewFile & { mode: number }, link: string): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(name).copy(block, 0, 0, 100);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  octal(file.mode, 100, 8);
  octal(file.uid ?? 0, 108, 8);
  octal(file.gid ?? 0, 116, 8);
  octal(size, 124, 12);
  octal(file.modified ?? modified, 136, 12);
  block.write(type, 156, 'latin1');
  Buffer.from(link).copy(block, 157, 0, 100);
  block.write('ustar\x0000', 257, 'latin1');
  block.fill(' ', 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padded(content: Buffer): Buffer {
  const rest = content.length % 512;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(512 - rest)]);
}

/** One record of a pax header: its own length in decimal, a space, key=value, a newline. */
function paxRecord(key: string, value: string): Buffer {
  const body = Buffer.from(` ${key}=${value}\n`);
  let length = body.length;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}
