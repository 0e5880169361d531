/** Makes bytes of values for a cache, and values of bytes that anybody may have written there. */
export interface CacheCodec {
  /** @param value what JSON can say, and `Uint8Array`s. Rejects with `too_large` for more than a cache should hold, `invalid_input` for what cannot be written */
  encode(value: unknown): Promise<Uint8Array>;

  /** Rejects for what was not encoded so, or would become too large: whoever asks takes that for a miss. */
  decode(bytes: Uint8Array): Promise<unknown>;
}
