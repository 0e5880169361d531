import { MemoryError } from '../../engine/errors.ts';

/** Text of UTF-8 bytes, without a byte order mark. Throws `invalid_input` for any others: their characters would be lost. */
export function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${what} is no UTF-8 text; nothing was changed.`,
      'Convert it first, such as with iconv -f latin1 -t utf-8.',
      { cause: error },
    );
  }
}
