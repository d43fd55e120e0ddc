/** Looks into a file whether ADD would unpack it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import { compressionOf, isTarHeader, tarHeaderSize } from '../archives';

/** Bytes read of a file: enough for a gzip stream to yield a tar header, whatever names and comments its own header has. */
const sampleSize = 16_384;

/** Whether the file is an archive; undefined where it cannot be read. */
export function readIsArchive(path: string): boolean | undefined {
  try {
    return isArchive(readStart(path, sampleSize));
  } catch {
    return undefined;
  }
}

/** Whether a file that starts with these bytes is an archive that ADD unpacks. */
export function isArchive(start: Uint8Array): boolean {
  const compression = compressionOf(start);
  if (compression === null) return isTarHeader(start);
  // Node.js 20 reads no other format; a file compressed so is nearly always a tar, and silence is the safe side.
  if (compression !== 'gzip') return true;
  return isTarHeader(gunzipStart(start));
}

function gunzipStart(start: Uint8Array): Uint8Array {
  try {
    // The stream is cut where the sample ends, which is no error with this way of finishing.
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, tarHeaderSize);
  } catch {
    return new Uint8Array();
  }
}

function readStart(path: string, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, readSync(file, buffer, 0, length, 0));
  } finally {
    closeSync(file);
  }
}
