import type { Caches } from '../caches/caches.ts';
import type { PendingEmbedding } from '../ports/embeddingStore.ts';
import { packVector, unpackVector } from '../records/packVector.ts';

/** How far the length of a vector may be from 1. */
const TOLERANCE = 0.01;

/**
 * Vectors by the hash of their text, shared by all who write to a namespace: what was embedded once is not sent to an endpoint again, such as
 * what is imported anew or undone. Never those of sensitive memories.
 */
export class SharedVectors {
  readonly #caches: Caches;

  constructor(caches: Caches) {
    this.#caches = caches;
  }

  /**
   * @param dimensions of the model; 0: not known yet, and nothing is found
   * @returns vectors by the memory's number
   */
  async find(
    model: string,
    dimensions: number,
    pending: readonly PendingEmbedding[],
  ): Promise<ReadonlyMap<number, Float32Array>> {
    const asked = dimensions === 0 ? [] : pending.filter(one => !one.sensitive);
    const found = await Promise.all(
      asked.map(async one => [one.num, await this.#get(keyOf(model, one), dimensions)] as const),
    );
    return new Map(found.flatMap(([num, vector]) => (vector ? [[num, vector] as const] : [])));
  }

  async keep(
    model: string,
    pending: readonly PendingEmbedding[],
    vectors: ReadonlyMap<number, Float32Array>,
  ): Promise<void> {
    const kept = pending.filter(one => !one.sensitive && vectors.has(one.num));
    await Promise.all(
      kept.map(one => this.#caches.put('embeddings', keyOf(model, one), packVector(vectors.get(one.num)!))),
    );
  }

  async #get(key: string, dimensions: number): Promise<Float32Array | undefined> {
    const bytes = await this.#caches.get('embeddings', key);
    if (!(bytes instanceof Uint8Array) || bytes.length !== 4 * dimensions) return undefined;
    const vector = unpackVector(bytes);
    const length = Math.hypot(...vector);
    return Math.abs(length - 1) < TOLERANCE ? vector : undefined;
  }
}

function keyOf(model: string, { contentHash, namespace }: PendingEmbedding): string {
  return `${contentHash}:${model}:${namespace}`;
}
