const MAGIC = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** Bytes of the dictionary's id and of the content's size, by the flags that announce them. */
const DICTIONARY_BYTES = [0, 1, 2, 4] as const;
const SIZE_BYTES = [0, 2, 4, 8] as const;

/** Whether these bytes begin as a Zstandard frame. No MessagePack value begins so: its first byte would be the whole of it. */
export function isZstdFrame(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * What a frame says it becomes, so that nothing is unpacked that is too large.
 * @returns bytes; undefined where it does not say, or wants a dictionary
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1
 */
export function contentSizeOf(frame: Uint8Array): number | undefined {
  const flags = frame[MAGIC.length];
  if (flags === undefined || DICTIONARY_BYTES[flags & 3] !== 0) return undefined;
  const isSingle = (flags & 0x20) !== 0;
  const width = flags >> 6 === 0 && isSingle ? 1 : SIZE_BYTES[flags >> 6]!;
  const at = MAGIC.length + 1 + (isSingle ? 0 : 1);
  if (width === 0 || frame.length < at + width) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset + at, width);
  switch (width) {
    case 1:
      return view.getUint8(0);
    case 2:
      return view.getUint16(0, true) + 256;
    case 4:
      return view.getUint32(0, true);
    default:
      return Number(view.getBigUint64(0, true));
  }
}
