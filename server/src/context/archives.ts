/** Whether bytes are an archive that ADD unpacks: Docker asks the content, never the name. Pure. */

export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** Bytes of a tar header. */
export const tarHeaderSize = 512;

/** The compression that the first bytes of a file announce; null for none. */
export function compressionOf(bytes: Uint8Array): Compression | null {
  if (startsWith(bytes, [0x1f, 0x8b, 0x08])) return 'gzip';
  if (startsWith(bytes, [0x42, 0x5a, 0x68])) return 'bzip2';
  if (startsWith(bytes, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return 'xz';
  if (startsWith(bytes, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  // A frame that decoders skip: 0x184D2A5?, little-endian.
  if (bytes.length >= 8 && ((bytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(bytes.subarray(1), [0x2a, 0x4d, 0x18]))
    return 'zstd';
  return null;
}

/** Whether the (uncompressed) bytes start with a tar header, of ustar, GNU, pax or the old format alike: its checksum decides. */
export function isTarHeader(bytes: Uint8Array): boolean {
  if (bytes.length < tarHeaderSize) return false;
  const stored = parseOctal(bytes.subarray(148, 156));
  if (stored === null) return false;
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < tarHeaderSize; index += 1) {
    // The checksum is taken with its own field blank.
    const byte = index >= 148 && index < 156 ? 0x20 : (bytes[index] ?? 0);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  if (stored !== unsigned && stored !== signed) return false;
  return numericFields.every(([start, end]) => isNumeric(bytes.subarray(start, end)));
}

/** mode, uid, gid, size and mtime. */
const numericFields = [
  [100, 108],
  [108, 116],
  [116, 124],
  [124, 136],
  [136, 148],
] as const;

/** A number in octal digits, or in base 256 where the first bit is set. */
function isNumeric(field: Uint8Array): boolean {
  return ((field[0] ?? 0) & 0x80) !== 0 || parseOctal(field) !== null;
}

/** Octal digits with blanks and zero bytes around them; nothing at all is 0, as Go's archive/tar has it. */
function parseOctal(field: Uint8Array): number | null {
  const text = String.fromCharCode(...field).replace(/^[ \0]+|[ \0]+$/g, '');
  const digits = text.split('\0')[0] ?? '';
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
