import type { Embedder, EmbedderState, EmbeddingModel } from '../ports/embedder.ts';
import { checkTextCount } from './checkTextCount.ts';

/** Longer texts are no questions; kept out, so that the cache stays within a few megabytes. */
const LONGEST_CHARS = 4_000;

/**
 * Remembers the embeddings of recent questions (calls of one text), the least recently used forgotten first. Batches read
 * the cache and do not fill it: an import must not drive the questions out. Equal texts within a batch are computed once.
 *
 * @param inner disposed with this one
 * @param capacity most entries, >= 1; one takes about 2 kB at 384 dimensions
 */
export function createCachedEmbedder(inner: Embedder, capacity = 512): Embedder {
  return new CachedEmbedder(inner, capacity);
}

class CachedEmbedder implements Embedder {
  readonly #inner: Embedder;
  readonly #capacity: number;
  /** By text, in the order of use: compared as a whole, so that no two texts are ever confused. */
  readonly #vectors = new Map<string, Float32Array>();

  constructor(inner: Embedder, capacity: number) {
    this.#inner = inner;
    this.#capacity = capacity;
  }

  get model(): EmbeddingModel {
    return this.#inner.model;
  }

  state(): EmbedderState {
    return this.#inner.state();
  }

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    checkTextCount(texts);
    const known = new Map<string, Float32Array>();
    const missing = new Set<string>();
    for (const text of texts) {
      const vector = this.#recall(text);
      if (vector === undefined) missing.add(text);
      else known.set(text, vector);
    }
    if (missing.size > 0) {
      const asked = [...missing];
      const computed = await this.#inner.embed(asked, signal);
      for (const [i, text] of asked.entries()) known.set(text, computed[i]!);
      if (texts.length === 1) this.#remember(asked[0]!, computed[0]!);
    }
    // Copies: a caller that writes into its vector changes nobody else's.
    return texts.map(text => known.get(text)!.slice());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#vectors.clear();
    await this.#inner[Symbol.asyncDispose]();
  }

  #recall(text: string): Float32Array | undefined {
    const vector = this.#vectors.get(text);
    if (vector !== undefined) {
      this.#vectors.delete(text);
      this.#vectors.set(text, vector);
    }
    return vector;
  }

  #remember(text: string, vector: Float32Array): void {
    if (text.length > LONGEST_CHARS) return;
    this.#vectors.set(text, vector);
    if (this.#vectors.size > this.#capacity) this.#vectors.delete(this.#vectors.keys().next().value!);
  }
}
