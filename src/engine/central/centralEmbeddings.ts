import type { CentralLog } from '../ports/centralLog.ts';
import type { EmbeddedMemory, EmbeddingStore, PendingEmbedding } from '../ports/embeddingStore.ts';
import type { Logger } from '../ports/logger.ts';
import type { MemoryFilter, Viewer } from '../ports/memoryStore.ts';
import type { Synchroniser } from './synchroniser.ts';

/**
 * The vectors of this machine. What another machine has computed is taken over instead of computed again, and what is computed here
 * is offered to the others; sensitive memories stay out of it.
 */
export class CentralEmbeddings implements EmbeddingStore {
  readonly #local: EmbeddingStore;
  readonly #log: CentralLog;
  readonly #synchroniser: Synchroniser;
  readonly #logger: Logger;
  /** What was handed out to be computed, by number. */
  readonly #asked = new Map<number, PendingEmbedding>();

  constructor(local: EmbeddingStore, log: CentralLog, synchroniser: Synchroniser, logger: Logger) {
    this.#local = local;
    this.#log = log;
    this.#synchroniser = synchroniser;
    this.#logger = logger;
  }

  async pending(model: string, limit: number): Promise<readonly PendingEmbedding[]> {
    await this.#synchroniser.refresh();
    for (;;) {
      const pending = await this.#local.pending(model, limit);
      const taken = await this.#take(model, pending);
      if (taken < pending.length || pending.length === 0) {
        const rest = taken === 0 ? pending : await this.#local.pending(model, limit);
        for (const one of rest) this.#asked.set(one.num, one);
        return rest;
      }
    }
  }

  async countPending(model: string): Promise<number> {
    await this.#synchroniser.refresh();
    return this.#local.countPending(model);
  }

  async countPendingOf(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    nums: readonly number[],
  ): Promise<{ readonly all: number; readonly of: number }> {
    await this.#synchroniser.refresh();
    return this.#local.countPendingOf(model, filter, viewer, nums);
  }

  async list(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    page: { readonly below: number; readonly limit: number },
  ): Promise<readonly EmbeddedMemory[]> {
    await this.#synchroniser.refresh();
    return this.#local.list(model, filter, viewer, page);
  }

  async put(
    model: string,
    dimensions: number,
    vectors: readonly { num: number; contentHash: string; vector: Float32Array }[],
  ): Promise<number> {
    await this.#synchroniser.refresh();
    const stored = await this.#local.put(model, dimensions, vectors);
    const offered = vectors.flatMap(({ num, contentHash, vector }) => {
      const text = this.#asked.get(num);
      this.#asked.delete(num);
      return text && !text.sensitive ? [{ id: text.id, contentHash, vector }] : [];
    });
    if (this.#synchroniser.problem === undefined && offered.length > 0) {
      await this.#log.offerVectors(model, offered).catch(error => this.#note(error));
    }
    return stored;
  }

  models(): Promise<readonly { model: string; dimensions: number; count: number }[]> {
    return this.#local.models();
  }

  drop(model: string): Promise<void> {
    return this.#local.drop(model);
  }

  /** @returns how many another machine had */
  async #take(model: string, pending: readonly PendingEmbedding[]): Promise<number> {
    if (this.#synchroniser.problem !== undefined || pending.length === 0) return 0;
    try {
      const offered = await this.#log.vectors(
        model,
        pending.map(({ id }) => id),
      );
      const fitting = pending.flatMap(({ num, contentHash }, i) => {
        const found = offered[i];
        return found?.contentHash === contentHash ? [{ num, contentHash, vector: found.vector }] : [];
      });
      const dimensions = fitting[0]?.vector.length ?? 0;
      return fitting.length > 0 ? await this.#local.put(model, dimensions, fitting) : 0;
    } catch (error) {
      this.#note(error);
      return 0;
    }
  }

  #note(error: unknown): void {
    this.#logger.debug('vectors are not shared now', { reason: (error as Error).message });
  }
}
