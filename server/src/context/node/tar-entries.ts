/** The entries of a tar archive as they come along in a stream: POSIX, GNU and pax, as container tools write them. */
import { type ByteReader, UnexpectedEnd } from './byte-reader';

/** What is wrong with an archive that is none, or is damaged. */
export class TarError extends Error {}

export interface TarEntry {
  /** Without `./` in front and without slashes at its ends. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'other';
  /** Bytes of the content. */
  readonly size: number;
  /** Reads the content; what of it is not read is passed over. */
  readonly content: ByteReader;
}

const blockSize = 512;
/** Longer names than this nobody has. */
const nameLimit = 1_000_000;

/** Goes through an archive from its beginning to its end. */
export async function* tarEntries(reader: ByteReader): AsyncGenerator<TarEntry> {
  let longPath: string | null = null;
  let pax: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const header = await readHeader(reader);
    if (!header) return;
    const size = Number(pax.get('size') ?? header.size);
    if (!Number.isSafeInteger(size) || size < 0) throw new TarError('bad size');
    const padding = (blockSize - (size % blockSize)) % blockSize;
    if (header.type === 'L' || header.type === 'x' || header.type === 'g' || header.type === 'K') {
      if (size > nameLimit) throw new TarError('bad name');
      const text = await reader.read(size);
      await reader.skip(padding);
      if (header.type === 'L') longPath = untilZero(text);
      if (header.type === 'x') pax = readPax(text);
      continue;
    }
    const path = (pax.get('path') ?? longPath ?? header.path).replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
    let left = size;
    const content: ByteReader = {
      peek: (length) => reader.peek(Math.min(length, left)),
      async read(length) {
        if (length > left) throw new UnexpectedEnd();
        left -= length;
        return reader.read(length);
      },
      async *pieces(length) {
        for await (const piece of reader.pieces(Math.min(length, left))) {
          left -= piece.byteLength;
          yield piece;
        }
      },
      rest: () => content.pieces(left),
      async skip(length) {
        left -= length;
        await reader.skip(length);
      },
    };
    const type = header.type === '5' ? 'directory' : '0\0'.includes(header.type) ? 'file' : 'other';
    yield { path, type, size: type === 'file' ? size : 0, content };
    await reader.skip(left + padding);
    longPath = null;
    pax = new Map();
  }
}

interface Header {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

/** The next header; null at the end of the archive. */
async function readHeader(reader: ByteReader): Promise<Header | null> {
  const block = await reader.peek(blockSize);
  // Two empty blocks end an archive; some tools write one, some none.
  if (block.length === 0 || block.every((byte) => byte === 0)) return null;
  if (block.length < blockSize) throw new UnexpectedEnd();
  if (!isChecked(block)) throw new TarError('bad header');
  await reader.read(blockSize);
  const text = (from: number, length: number) => untilZero(block.subarray(from, from + length));
  const prefix = text(257, 5) === 'ustar' && text(257, 8) !== 'ustar  ' ? text(345, 155) : '';
  const name = text(0, 100);
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] ?? 0),
  };
}

/** Whether the sum of a header's bytes is the one that is written in it. */
export function isChecked(block: Buffer): boolean {
  const wanted = readNumber(block.subarray(148, 156));
  let sum = 8 * 32;
  for (const [index, byte] of block.subarray(0, blockSize).entries()) if (index < 148 || index >= 156) sum += byte;
  return sum === wanted;
}

/** Octal digits, or a binary number where the first bit is set. */
function readNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(untilZero(field).trim() || '0', 8);
  let value = (field[0] ?? 0) & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return value;
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString('utf8');
}

/** `30 path=some/where\n` one after the other. */
function readPax(bytes: Buffer): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const length = blank < 0 ? Number.NaN : Number(bytes.subarray(at, blank).toString());
    if (!(length > 0)) break;
    const record = bytes.subarray(blank + 1, at + length - 1).toString('utf8');
    const equals = record.indexOf('=');
    if (equals > 0) values.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return values;
}
