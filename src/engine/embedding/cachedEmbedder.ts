import type { BoundedCache } from '../caches/boundedCache.ts';
import type { Embedder, EmbedderState, EmbeddingModel } from '../ports/embedder.ts';
import { checkTextCount } from './checkTextCount.ts';
import { SharedFlight } from './sharedFlight.ts';

/** Longer texts are no questions; kept out, so that the cache stays within a few megabytes. */
const LONGEST_CHARS = 4_000;
/** Beside the vector and the text. */
const ENTRY_BYTES = 200;

/**
 * Remembers the embeddings of recent questions (calls of one text). Batches read the cache and do not fill it: an import must not drive
 * the questions out. Equal texts within a batch are computed once, and so is a question that several ask at the same time.
 *
 * @param inner disposed with this one
 * @param vectors may be shared by models
 */
export function createCachedEmbedder(inner: Embedder, vectors: BoundedCache<Float32Array>): Embedder {
  return new CachedEmbedder(inner, vectors);
}

class CachedEmbedder implements Embedder {
  readonly #inner: Embedder;
  readonly #vectors: BoundedCache<Float32Array>;
  readonly #flights = new Map<string, SharedFlight<Float32Array>>();

  constructor(inner: Embedder, vectors: BoundedCache<Float32Array>) {
    this.#inner = inner;
    this.#vectors = vectors;
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
      const vector = this.#vectors.get(this.#keyOf(text), 0);
      if (vector === undefined) missing.add(text);
      else known.set(text, vector);
    }
    if (missing.size > 0) {
      const asked = [...missing];
      const isQuestion = texts.length === 1 && !signal?.aborted;
      const computed = isQuestion
        ? [await this.#ask(asked[0]!, signal)]
        : await this.#inner.embed(asked, signal);
      for (const [i, text] of asked.entries()) known.set(text, computed[i]!);
    }
    // Copies: a caller that writes into its vector changes nobody else's.
    return texts.map(text => known.get(text)!.slice());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { id } = this.model;
    this.#vectors.forget((_, key) => key.startsWith(`${id}\n`));
    await this.#inner[Symbol.asyncDispose]();
  }

  async #ask(text: string, signal: AbortSignal | undefined): Promise<Float32Array> {
    const begun = this.#underWay(text);
    if (begun) {
      try {
        return await begun.join(signal);
      } catch (error) {
        // It was begun before: what failed then may succeed now.
        if (signal?.aborted) throw error;
      }
    }
    return (this.#underWay(text) ?? this.#begin(text)).join(signal);
  }

  #underWay(text: string): SharedFlight<Float32Array> | undefined {
    const flight = this.#flights.get(text);
    return flight?.abandoned ? undefined : flight;
  }

  #begin(text: string): SharedFlight<Float32Array> {
    const flight = new SharedFlight(async signal => {
      try {
        const [vector] = await this.#inner.embed([text], signal);
        this.#remember(text, vector!);
        return vector!;
      } finally {
        if (this.#flights.get(text) === flight) this.#flights.delete(text);
      }
    });
    this.#flights.set(text, flight);
    return flight;
  }

  #remember(text: string, vector: Float32Array): void {
    if (text.length > LONGEST_CHARS) return;
    const bytes = vector.byteLength + 2 * text.length + ENTRY_BYTES;
    // It is the same at any time.
    this.#vectors.set(this.#keyOf(text), vector, bytes, Number.POSITIVE_INFINITY, text);
  }

  /** The text as a whole, so that no two are ever confused. */
  #keyOf(text: string): string {
    return `${this.model.id}\n${text}`;
  }
}
