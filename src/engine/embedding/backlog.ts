import { MemoryError } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { EmbeddingStore, PendingEmbedding } from '../ports/embeddingStore.ts';
import type { Logger } from '../ports/logger.ts';
import type { SharedVectors } from './sharedVectors.ts';

/** Texts a round: enough to keep the model busy, few enough that a crash repeats little. */
const ROUND = 256;
/** Texts that may fail before the model is taken for broken. */
const PATIENCE = 3;

/** The memories that wait for their vector of one model. */
export class Backlog {
  readonly #store: EmbeddingStore;
  readonly #embedder: Embedder;
  readonly #logger: Logger;
  readonly #shared: SharedVectors | undefined;
  /** By number, the hashes of the texts that the model refused: they are asked again when they change, and by the next process. */
  readonly #refused = new Map<number, string>();

  /** @param shared where vectors of equal texts are looked for first */
  constructor(store: EmbeddingStore, embedder: Embedder, logger: Logger, shared?: SharedVectors) {
    this.#shared = shared;
    this.#store = store;
    this.#embedder = embedder;
    this.#logger = logger;
  }

  /** Numbers of the memories whose text the model refused; nobody waits for their vectors. */
  get refused(): readonly number[] {
    return [...this.#refused.keys()];
  }

  /**
   * Gives the memories that have none their vectors, newest first, until only refused ones are left.
   * What is stored stays stored, so that it goes on where it stopped, whoever died.
   *
   * @returns how many vectors were stored. Rejects with `unavailable` when the model cannot work or failed at a text (the others
   *   have their vectors then), `cancelled` on abort
   */
  async work(signal: AbortSignal): Promise<number> {
    const { id } = this.#embedder.model;
    const failed = new Map<number, MemoryError>();
    let total = 0;
    for (;;) {
      if (signal.aborted)
        throw new MemoryError('cancelled', 'Embedding was stopped.', 'It goes on at the next start.');
      const waiting = await this.#store.pending(id, ROUND + failed.size + this.#refused.size);
      const pending = waiting.filter(one => !failed.has(one.num) && !this.#isRefused(one));
      if (pending.length === 0) {
        this.#forgetOthers(waiting);
        break;
      }
      total += await this.#round(pending, failed, signal);
    }
    const [problem] = failed.values();
    if (problem !== undefined) throw problem;
    return total;
  }

  async #round(
    pending: readonly PendingEmbedding[],
    failed: Map<number, MemoryError>,
    signal: AbortSignal,
  ): Promise<number> {
    const { dimensions, id } = this.#embedder.model;
    const known = (await this.#shared?.find(id, dimensions, pending)) ?? new Map();
    const asked = pending.filter(one => !known.has(one.num));
    const computed = (await this.#embedAll(asked, signal)) ?? (await this.#embedEach(asked, failed, signal));
    await this.#shared?.keep(id, asked, computed);
    const vectors: ReadonlyMap<number, Float32Array> = new Map([...known, ...computed]);
    const done = pending.filter(one => vectors.has(one.num));
    if (done.length === 0) return 0;
    const stored = await this.#store.put(
      id,
      this.#embedder.model.dimensions,
      done.map(({ num, contentHash }) => ({ num, contentHash, vector: vectors.get(num)! })),
    );
    this.#logger.debug('embedded a round', { stored, of: pending.length });
    return stored;
  }

  /** @returns undefined when one of several failed */
  async #embedAll(
    pending: readonly PendingEmbedding[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Float32Array> | undefined> {
    if (pending.length < 2) return undefined;
    try {
      const vectors = await this.#embedder.embed(
        pending.map(one => one.content),
        signal,
      );
      return new Map(pending.map(({ num }, i) => [num, vectors[i]!]));
    } catch (error) {
      if (MemoryError.is(error, 'unavailable') || MemoryError.is(error, 'invalid_input')) return undefined;
      throw error;
    }
  }

  /**
   * One by one, so that a text that fails holds up no other.
   * @param failed takes the failures; rejects when it is not a text's fault, which is when the first few fail
   */
  async #embedEach(
    pending: readonly PendingEmbedding[],
    failed: Map<number, MemoryError>,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, Float32Array>> {
    const found = new Map<number, Float32Array>();
    const refusals: MemoryError[] = [];
    let failures = 0;
    for (const { num, content, contentHash } of pending) {
      try {
        const [vector] = await this.#embedder.embed([content], signal);
        found.set(num, vector!);
      } catch (error) {
        if (MemoryError.is(error, 'invalid_input')) {
          this.#refused.set(num, contentHash);
          refusals.push(error);
          continue;
        }
        if (!MemoryError.is(error, 'unavailable')) throw error;
        failures += 1;
        if (found.size === 0 && (failures === PATIENCE || failures === pending.length)) throw error;
        failed.set(num, error);
      }
    }
    if (refusals.length > 0)
      this.#logger.warn('the embedding model refuses texts: they are found by words only', {
        texts: refusals.length,
        reason: refusals[0]!.message,
      });
    return found;
  }

  #isRefused({ num, contentHash }: PendingEmbedding): boolean {
    return this.#refused.get(num) === contentHash;
  }

  /** What was deleted or changed meanwhile is not refused any more. */
  #forgetOthers(waiting: readonly PendingEmbedding[]): void {
    const left = new Set(waiting.map(one => one.num));
    for (const num of this.#refused.keys()) if (!left.has(num)) this.#refused.delete(num);
  }
}
