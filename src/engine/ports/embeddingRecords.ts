/** A text with its embedding, as other programs exchange it; the embeddings of memories are kept apart from these. */
export interface NewEmbedding {
  /** SHA-256 of the text: 64 lower-case hex digits. */
  readonly sha256: string;
  /** 1..4096 finite numbers, of whatever model: vectors of another length are never compared with it. */
  readonly vector: Float32Array;
  readonly text: string;
  /** Where the text came from; `session:<id>` lists it under that session. */
  readonly source: string;
  /** What the tool was doing that met the text; empty: nothing to say. */
  readonly toolContext: string;
  /** Whether that went well. */
  readonly success: boolean;
}

export interface EmbeddingRecord extends NewEmbedding {
  /** When it was last put: ms since the epoch, by the store's clock; 0 where another program left no time that can be read. */
  readonly storedAt: number;
}

/**
 * Embeddings by the hash of their text. They do not expire.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C2
 */
export interface EmbeddingRecords {
  /** Adds or replaces; each is whole or not there. */
  put(embeddings: readonly NewEmbedding[]): Promise<void>;

  /** In the order of the hashes; undefined where there is none. */
  get(sha256s: readonly string[]): Promise<readonly (EmbeddingRecord | undefined)[]>;

  /**
   * Last put first.
   * @param limit 1..1000
   * @param sessionId only those whose source was this session
   */
  recent(limit: number, sessionId?: string): Promise<readonly EmbeddingRecord[]>;

  /** Idempotent. */
  remove(sha256: string): Promise<void>;
}
