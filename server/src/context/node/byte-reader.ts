/** Reads a stream of bytes in parts of a wanted length, never more of it in memory than needed. */

export type ByteSource = AsyncIterable<Uint8Array>;

/** The stream ended before what was wanted had come. */
export class UnexpectedEnd extends Error {}

export interface ByteReader {
  /** The next bytes, fewer at the end of the stream; they are not taken. */
  peek(length: number): Promise<Buffer>;
  /** Takes the next bytes; rejects with UnexpectedEnd where there are not so many. */
  read(length: number): Promise<Buffer>;
  /** Takes the next bytes one piece at a time; the pieces have to be used up before anything else is read. */
  pieces(length: number): ByteSource;
  /** All that is left, one piece at a time. */
  rest(): ByteSource;
  /** Passes over bytes. */
  skip(length: number): Promise<void>;
}

export function readBytes(source: ByteSource): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let ended = false;

  const more = async (): Promise<boolean> => {
    if (ended) return false;
    const next = await iterator.next();
    if (next.done) {
      ended = true;
      return false;
    }
    const { buffer, byteOffset, byteLength } = next.value;
    const piece = Buffer.from(buffer, byteOffset, byteLength);
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    return true;
  };
  const fill = async (length: number): Promise<void> => {
    while (held.length < length && (await more()));
  };
  const pieces = async function* (length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (held.length === 0 && !(await more())) throw new UnexpectedEnd();
      const piece = held.subarray(0, left);
      held = held.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  };

  return {
    pieces,
    async *rest() {
      while (held.length > 0 || (await more())) {
        const piece = held;
        held = held.subarray(held.length);
        if (piece.length > 0) yield piece;
      }
    },
    async peek(length) {
      await fill(length);
      return held.subarray(0, length);
    },
    async read(length) {
      await fill(length);
      if (held.length < length) throw new UnexpectedEnd();
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    },
    async skip(length) {
      for await (const _ of pieces(length));
    },
  };
}
