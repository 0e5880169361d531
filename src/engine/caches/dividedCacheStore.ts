import type { CacheFilter, CacheServer, CacheStore, CacheTally } from '../ports/cacheStore.ts';
import { CACHES, type CacheName, type CacheOwner } from './cacheNames.ts';

/** One store for each service, such as a numbered database: what is cleared in one stays in the others. */
export class DividedCacheStore implements CacheStore {
  readonly #stores: Readonly<Record<CacheOwner, CacheStore>>;

  /** @param stores disposed with this one */
  constructor(stores: Readonly<Record<CacheOwner, CacheStore>>) {
    this.#stores = stores;
  }

  get: CacheStore['get'] = (cache, ...rest) => this.#of(cache).get(cache, ...rest);
  put: CacheStore['put'] = (cache, ...rest) => this.#of(cache).put(cache, ...rest);
  claim: CacheStore['claim'] = (cache, ...rest) => this.#of(cache).claim(cache, ...rest);
  release: CacheStore['release'] = (cache, ...rest) => this.#of(cache).release(cache, ...rest);
  append: CacheStore['append'] = (cache, ...rest) => this.#of(cache).append(cache, ...rest);
  items: CacheStore['items'] = (cache, ...rest) => this.#of(cache).items(cache, ...rest);
  count: CacheStore['count'] = (cache, ...rest) => this.#of(cache).count(cache, ...rest);

  async forget(of: CacheFilter): Promise<number> {
    const asked = of.cache === undefined ? this.#all : [this.#of(of.cache)];
    const forgotten = await Promise.all(asked.map(store => store.forget(of)));
    return forgotten.reduce((sum, count) => sum + count, 0);
  }

  async tallies(): Promise<ReadonlyMap<string, CacheTally>> {
    const found = await Promise.all(this.#all.map(store => store.tallies()));
    return new Map(found.flatMap(tallies => [...tallies]));
  }

  async servers(): Promise<readonly CacheServer[]> {
    return (await Promise.all(this.#all.map(store => store.servers()))).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.#all) await store[Symbol.asyncDispose]();
  }

  get #all(): readonly CacheStore[] {
    return Object.values(this.#stores);
  }

  #of(cache: string): CacheStore {
    // What no service uses by name is of those who ask this program.
    return this.#stores[CACHES[cache as CacheName]?.owner ?? 'agents'];
  }
}
