/** A text that has no embedding of the model yet. */
export interface PendingEmbedding {
  readonly num: number;
  readonly id: string;
  readonly sensitive: boolean;
  readonly content: string;
  /** Returned with the vector, so that a text changed meanwhile is not given an old one. */
  readonly contentHash: string;
}

/** Embeddings belong to (memory, model); vectors of several models live side by side. */
export interface EmbeddingStore {
  /** Newest memories first, so that what was just learnt is found first. */
  pending(model: string, limit: number): Promise<readonly PendingEmbedding[]>;

  countPending(model: string): Promise<number>;

  /**
   * Stores vectors whose text is unchanged; the others are dropped and stay pending. Returns how many were stored.
   * Rejects with `invalid_input` for a vector of another length, with `conflict` when the model's vectors here have another.
   */
  put(
    model: string,
    dimensions: number,
    vectors: readonly { num: number; contentHash: string; vector: Float32Array }[],
  ): Promise<number>;

  /** Models that have vectors here, with their dimensions and counts. */
  models(): Promise<readonly { model: string; dimensions: number; count: number }[]>;

  /** Forgets every vector of a model that is no longer used. */
  drop(model: string): Promise<void>;
}
