import type { GuardedCache } from './guardedCache.ts';

/** So many look-ups, or so long after one, and what was counted is told to the others. */
const TOLD_EVERY = 64;
const TOLD_AFTER_MS = 1_000;

/** Hits and misses by cache; told to the shared store now and then, since a look-up must not cost two questions. */
export class LookUpCounts {
  readonly #cache: GuardedCache;
  readonly #counts = new Map<string, { hits: number; misses: number }>();
  #untold = 0;
  #timer: NodeJS.Timeout | number | undefined;

  constructor(cache: GuardedCache) {
    this.#cache = cache;
  }

  add(cache: string, isHit: boolean): void {
    const counts = this.#counts.get(cache) ?? { hits: 0, misses: 0 };
    this.#counts.set(cache, counts);
    counts[isHit ? 'hits' : 'misses'] += 1;
    this.#untold += 1;
    if (this.#untold >= TOLD_EVERY) void this.tell();
    else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.tell(), TOLD_AFTER_MS);
      // Counts keep no process alive.
      (this.#timer as NodeJS.Timeout).unref?.();
    }
  }

  /** What cannot be told now is lost: it is a statistic. */
  async tell(): Promise<void> {
    clearTimeout(this.#timer as NodeJS.Timeout);
    this.#timer = undefined;
    this.#untold = 0;
    const counts = [...this.#counts];
    this.#counts.clear();
    for (const [cache, { hits, misses }] of counts)
      await this.#cache.attempt(store => store.count(cache, hits, misses), undefined);
  }
}
