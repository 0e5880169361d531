/** A model that turns text into vectors. Vectors of different models are never mixed. */
export interface EmbeddingModel {
  /** Stable and unique, such as `all-MiniLM-L6-v2/q8` or `openai/text-embedding-3-small`. */
  readonly id: string;
  /** 1..4096; 0 until the first embedding, where only the model's server knows. */
  readonly dimensions: number;
}

/** `idle`: not loaded, loads at first use. `failed`: recall is lexical until it works again. */
export interface EmbedderState {
  readonly status: 'idle' | 'ready' | 'failed';
  /** Why it failed and what to do, without secrets. */
  readonly problem?: string;
  /** Such as `cpu`, `cuda`, `wasm`, `http`. */
  readonly device?: string;
}

/** Computes embeddings, off this thread. */
export interface Embedder extends AsyncDisposable {
  /** Known without loading anything; the id never changes. */
  readonly model: EmbeddingModel;

  /**
   * Unit vectors in the order of the texts. Batches as suits it; any number of texts up to 1,000.
   * A call of one text is taken for a question that somebody waits for: it may overtake longer calls.
   * Rejects with `unavailable` (says why, and what to do), or `cancelled`.
   */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]>;

  state(): EmbedderState;
}
