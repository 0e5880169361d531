/** No MessagePack value and no frame begins with it. */
const TAGGED = 0xc1;
const LENGTH_BYTES = 4;

export interface TaggedValue {
  readonly value: Uint8Array;
  readonly tags: readonly string[];
}

/** A value with its tags before it, since a Redis that evicts may drop their sets before the value. Without tags the value is as it was. */
export function withTags(value: Uint8Array, tags: readonly string[]): Buffer {
  if (tags.length === 0 && value[0] !== TAGGED) return Buffer.from(value);
  const list = Buffer.from(JSON.stringify(tags));
  const head = Buffer.alloc(1 + LENGTH_BYTES);
  head[0] = TAGGED;
  head.writeUInt32LE(list.length, 1);
  return Buffer.concat([head, list, value]);
}

/** The reverse; bytes that only begin so have no tags. */
export function splitTags(bytes: Buffer): TaggedValue {
  if (bytes[0] !== TAGGED || bytes.length < 1 + LENGTH_BYTES) return { value: bytes, tags: [] };
  const start = 1 + LENGTH_BYTES;
  const end = start + bytes.readUInt32LE(1);
  try {
    const tags: unknown = JSON.parse(bytes.toString('utf8', start, end));
    if (Array.isArray(tags) && tags.every(tag => typeof tag === 'string'))
      return { value: bytes.subarray(end), tags };
  } catch {
    // Whoever reads the value finds that it is none.
  }
  return { value: bytes, tags: [] };
}
