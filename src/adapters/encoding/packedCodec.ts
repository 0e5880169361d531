import { decode, encode } from '@msgpack/msgpack';
import { MemoryError } from '../../engine/errors.ts';
import type { CacheCodec } from '../../engine/ports/cacheCodec.ts';
import { zstd } from './zstd.ts';
import { contentSizeOf, isZstdFrame } from './zstdFrame.ts';

/** Smaller values stay as they are: docs/benchmarks.md, "encoding", has what they would save. */
export const COMPRESSED_FROM_BYTES = 1_024;
/** Fastest of the levels: higher ones gain a few per cent on what caches hold. */
const LEVEL = 1;
/** A frame that is hardly smaller, such as a vector's, costs each reader more than it saves. */
const WORTH = 0.9;

/**
 * MessagePack, and from a size on that in a Zstandard frame. Both are read whoever wrote them.
 * @param maxBytes of a value before it is compressed, both ways
 */
export function createPackedCodec(maxBytes: number): CacheCodec {
  return {
    async encode(value) {
      const packed = pack(value);
      if (packed.length > maxBytes)
        throw new MemoryError(
          'too_large',
          `A value of ${packed.length} bytes is more than the ${maxBytes} that a cache takes.`,
          'Keep it elsewhere, or in parts.',
        );
      if (packed.length < COMPRESSED_FROM_BYTES) return packed;
      const frame = (await zstd()).compress(packed, LEVEL);
      return frame.length < WORTH * packed.length ? frame : packed;
    },
    async decode(bytes) {
      if (bytes.length > maxBytes) throw new Error('more bytes than a value may have');
      if (!isZstdFrame(bytes)) return unpack(bytes);
      const size = contentSizeOf(bytes);
      if (size === undefined || size > maxBytes) throw new Error('a frame that may become too large');
      return unpack((await zstd()).decompress(bytes));
    },
  };
}

function pack(value: unknown): Uint8Array {
  try {
    const packed = encode(value, { ignoreUndefined: true });
    // The text may stand anywhere: only where it does are keys looked at.
    if (Buffer.from(packed.buffer, packed.byteOffset, packed.length).includes(UNREADABLE_KEY))
      checkKeys(value);
    return packed;
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `A value cannot be written for a cache: ${(error as Error).message}.`,
      'Give what JSON can say, or bytes.',
      { cause: error },
    );
  }
}

/** No reader would take a value in which a key has this name, since it changes what an object is. */
const UNREADABLE_KEY = '__proto__';

function checkKeys(value: unknown): void {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
  if (Object.hasOwn(value, UNREADABLE_KEY)) throw new Error(`a key in it is ${UNREADABLE_KEY}`);
  for (const part of Object.values(value)) checkKeys(part);
}

function unpack(bytes: Uint8Array): unknown {
  // No length within may promise more than there is.
  const most = bytes.length;
  // A Buffer would make Buffers of the bytes within.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, most);
  return decode(plain, {
    maxStrLength: most,
    maxBinLength: most,
    maxArrayLength: most,
    maxMapLength: most,
    maxExtLength: most,
  });
}
