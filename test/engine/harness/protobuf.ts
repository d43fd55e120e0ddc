/** Reads protobuf messages field by field, as far as BuildKit's progress reports need it. */

export interface Field {
  readonly number: number;
  /** A number for variable-length integers, bytes for everything with a length; fixed-size fields are left out. */
  readonly value: number | Buffer;
}

/** The fields of a message in their order; what follows an unknown wire type is left out. */
export function readFields(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const kind = key % 8;
    if (kind === 0) fields.push({ number, value: varint() });
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = varint();
      fields.push({ number, value: message.subarray(at, at + length) });
      at += length;
    } else break;
  }
  return fields;
}

/** The length-delimited fields of a message that have a certain number. */
export function fieldsOf(message: Buffer, wanted: number): Buffer[] {
  return readFields(message).flatMap(({ number, value }) =>
    number === wanted && Buffer.isBuffer(value) ? [value] : [],
  );
}
