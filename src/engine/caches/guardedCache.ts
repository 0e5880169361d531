import { MemoryError } from '../errors.ts';
import type { CacheStore } from '../ports/cacheStore.ts';
import type { Logger } from '../ports/logger.ts';
import { within } from '../within.ts';

/** How long a cache is left alone that did not answer in time, ms. */
const PAUSE_MS = 1_000;
/** Failures in a row that are taken for an outage: one alone may be a single key's fault. */
const OUTAGE = 3;

/** A cache that costs its callers a bounded time and no error, whatever happens to it. */
export class GuardedCache {
  readonly #store: CacheStore;
  readonly #deadlineMs: number;
  readonly #logger: Logger;
  #inARow = 0;
  #pausedUntil = 0;
  #failures = 0;
  #problem: string | undefined;

  constructor(store: CacheStore, deadlineMs: number, logger: Logger) {
    this.#store = store;
    this.#deadlineMs = deadlineMs;
    this.#logger = logger;
  }

  /** Why it is not asked just now. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Calls that failed or were not made, in this process. */
  get failures(): number {
    return this.#failures;
  }

  /** @returns `otherwise` when it fails, takes too long, or has just done so */
  async attempt<T, U>(work: (store: CacheStore) => Promise<T>, otherwise: U): Promise<T | U> {
    if (performance.now() < this.#pausedUntil) {
      this.#failures += 1;
      return otherwise;
    }
    try {
      return await this.demand(work);
    } catch (error) {
      this.#failures += 1;
      if (!MemoryError.is(error) || error.code === 'unavailable') this.#failed(error as Error);
      else this.#logger.debug('not cached', { reason: error.message });
      return otherwise;
    }
  }

  /** As `attempt`, for whoever has to know. Rejects with `unavailable` when it takes too long. */
  async demand<T>(work: (store: CacheStore) => Promise<T>, deadlineMs = this.#deadlineMs): Promise<T> {
    const done = await within(work(this.#store), deadlineMs, () => {
      throw new Late(deadlineMs);
    });
    this.#answered();
    return done;
  }

  #answered(): void {
    this.#inARow = 0;
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#logger.warn('the cache answers again', {});
  }

  #failed(error: Error): void {
    this.#inARow += 1;
    const isOut = error instanceof Late || this.#inARow >= OUTAGE;
    if (isOut) this.#pausedUntil = performance.now() + PAUSE_MS;
    if (isOut && this.#problem !== undefined) return;
    if (isOut) this.#problem = error.message;
    this.#logger.warn('the cache failed; it is gone on without', { reason: error.message });
  }
}

class Late extends MemoryError {
  constructor(deadlineMs: number) {
    super(
      'unavailable',
      `The cache did not answer within ${deadlineMs} ms.`,
      'See that it runs and is not overloaded; memory-central doctor tells more.',
    );
  }
}
