/** One neighbour. `score` is cosine similarity, in [-1, 1]; higher is nearer. */
export interface Neighbour {
  readonly key: number;
  readonly score: number;
}

/** Reads full-precision vectors of these keys, one after another; a missing one is all zeros. */
export type VectorReader = (keys: readonly number[]) => Promise<Float32Array>;

/** Searched in the process: exact nearest neighbours over quantised codes, re-ranked in full precision. */
export interface VectorIndex extends Disposable {
  /** Length of every vector; fixed when the index is created. */
  readonly dimensions: number;
  readonly size: number;

  /**
   * Adds or replaces. Throws `invalid_input` on another length or what is no number.
   *
   * @param key integer from 0, dense: the numbers of a store
   * @param vector unit length
   */
  upsert(key: number, vector: Float32Array): void;

  /** @returns false when the key was not there */
  remove(key: number): boolean;

  has(key: number): boolean;

  /**
   * Nearest first; ties by ascending `key`, so that results repeat. Exact against float32 where `read` is given, else within 0.01.
   *
   * @param vector unit length, `dimensions` long
   * @param limit 1..1000
   * @param allowed only these keys, when given: a predicate evaluated once a slot before the scan
   * @returns at most `limit`; empty when the index is empty
   */
  nearest(
    vector: Float32Array,
    limit: number,
    options: { readonly read?: VectorReader; readonly allowed?: (key: number) => boolean },
  ): Promise<readonly Neighbour[]>;

  /** Approximate cosine (error below 0.01) of the given keys, in their order; NaN where there is no vector. */
  similarities(vector: Float32Array, keys: ArrayLike<number>): Float32Array;

  /** 53 bits of what is kept of a vector: the same in every index that was given the same vector; undefined where there is none. */
  printOf(key: number): number | undefined;

  /** The whole index as bytes, with a checksum, for the factory's `restore`. */
  snapshot(): Uint8Array;
}

/** Makes indexes of one technology. */
export interface VectorIndexFactory {
  /** @param dimensions 1..4096 */
  create(dimensions: number): VectorIndex;
  /** Throws `unavailable` when the bytes are damaged or of another format: rebuild then, never trust. */
  restore(bytes: Uint8Array): VectorIndex;
}
