import type { MemoryType } from '../model/memory.ts';
import type { MemoryFilter, Viewer } from './memoryStore.ts';

/** A text that has no embedding of the model yet. */
export interface PendingEmbedding {
  readonly num: number;
  readonly id: string;
  readonly namespace: string;
  readonly sensitive: boolean;
  readonly content: string;
  /** Returned with the vector, so that a text changed meanwhile is not given an old one. */
  readonly contentHash: string;
}

/** A memory without its text, and whether it has a vector. */
export interface EmbeddedMemory {
  readonly num: number;
  readonly id: string;
  readonly type: MemoryType;
  readonly agent: string | null;
  /** Another number for each vector that it ever had; null: it has none. Of a text that changed, the old one until it has a new one. */
  readonly vector: number | null;
}

/** Embeddings belong to (memory, model); vectors of several models live side by side. */
export interface EmbeddingStore {
  /** Newest memories first, so that what was just learnt is found first. */
  pending(model: string, limit: number): Promise<readonly PendingEmbedding[]>;

  /** Of all memories, whoever may see them. */
  countPending(model: string): Promise<number>;

  /**
   * The same of those that match, are not expired and that the viewer may see.
   * @returns of them all, and of those with these numbers
   */
  countPendingOf(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    nums: readonly number[],
  ): Promise<{ readonly all: number; readonly of: number }>;

  /**
   * Those that match, are not expired and that the viewer may see, with or without a vector of the model, by descending `num`.
   * @param below only numbers below this one
   */
  list(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    page: { readonly below: number; readonly limit: number },
  ): Promise<readonly EmbeddedMemory[]>;

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
