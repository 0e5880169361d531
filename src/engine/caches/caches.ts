import type { CacheCodec } from '../ports/cacheCodec.ts';
import type { CacheFilter, CacheServer, CacheStore, CacheTally } from '../ports/cacheStore.ts';
import type { Logger } from '../ports/logger.ts';
import { answeredOnce, nowhereToKeep, type Once } from './answeredOnce.ts';
import type { BoundedCache, InProcessStatistics } from './boundedCache.ts';
import { CACHES, type CacheName, type CachePolicy } from './cacheNames.ts';
import { computeOnce } from './computeOnce.ts';
import { GuardedCache } from './guardedCache.ts';
import { LookUpCounts } from './lookUpCounts.ts';
import { noCacheStore } from './noCacheStore.ts';
import { patternMatcher } from './patternMatcher.ts';

/** Items of a list that are kept. */
const LONGEST_LIST = 1_000;
/** An operator waits longer than a caller who only wants to be faster. */
const OPERATOR_DEADLINE_MS = 10_000;

export interface CachesOptions {
  /** Disposed with the caches. */
  readonly store: CacheStore;
  readonly codec: CacheCodec;
  readonly logger: Logger;
  readonly newId: () => string;
  /** Longest wait of a caller for one answer of the store, ms. */
  readonly deadlineMs: number;
  /** How long entries live, ms, where that is not the cache's own. */
  readonly ttls?: Readonly<Partial<Record<CacheName, number>>>;
  /** What this process keeps for itself besides. */
  readonly inProcess?: Readonly<Partial<Record<CacheName, BoundedCache<unknown>>>>;
}

export interface ComputeOptions<T> {
  /** What the value is made from, such as the hash of a file. */
  readonly tags?: readonly string[];
  /** Whether what another program or release has stored is such a value; else it is computed. Default: anything is. */
  readonly accepts?: (value: unknown) => value is T;
}

export interface CacheStatistics {
  readonly servers: readonly CacheServer[];
  readonly tallies: ReadonlyMap<string, CacheTally>;
  /** Of this process: calls of the store that failed or were not made, and values that could not be read. */
  readonly failures: number;
  readonly unreadable: number;
  readonly inProcess: ReadonlyMap<string, InProcessStatistics>;
  /** Why the store is not asked just now. */
  readonly problem?: string;
}

/**
 * The caches that the processes and machines of a memory share. No failure of theirs reaches a caller: what cannot be had is missing, after a
 * bounded time. Values are what JSON can say, and `Uint8Array`s; one that was shared is not to be changed.
 */
export class Caches implements AsyncDisposable {
  readonly #options: CachesOptions;
  readonly #guarded: GuardedCache;
  readonly #counts: LookUpCounts;
  readonly #flights = new Map<string, Promise<unknown>>();
  #unreadable = 0;

  constructor(options: CachesOptions) {
    this.#options = options;
    this.#guarded = new GuardedCache(options.store, options.deadlineMs, options.logger);
    this.#counts = new LookUpCounts(this.#guarded);
  }

  /** @returns undefined when it is not there, or cannot be read */
  async get(cache: CacheName, key: string): Promise<unknown> {
    const found = await this.#find(cache, key);
    this.#counts.add(cache, found !== undefined);
    return found?.value;
  }

  /**
   * @param ttlMs default: the cache's
   * @returns whether it is there now. Rejects with `too_large` and `invalid_input` for what cannot be kept
   */
  async put(
    cache: CacheName,
    key: string,
    value: unknown,
    options: { readonly tags?: readonly string[]; readonly ttlMs?: number } = {},
  ): Promise<boolean> {
    const { tags = [], ttlMs = this.#ttlOf(cache) } = options;
    const bytes = await this.#options.codec.encode(value);
    return this.#guarded.attempt(store => store.put(cache, key, bytes, { ttlMs, tags }), false);
  }

  /** What is cached, or what `compute` makes, once for all who ask at the same time. Rejects with what `compute` rejects with. */
  async getOrCompute<T>(
    cache: CacheName,
    key: string,
    compute: () => Promise<T>,
    options: ComputeOptions<T> = {},
  ): Promise<T> {
    const name = `${cache}:${key}`;
    const joined = this.#flights.get(name) as Promise<T> | undefined;
    if (joined) {
      this.#counts.add(cache, true);
      return joined;
    }
    const flight = this.#fly(cache, key, compute, options).finally(() => {
      if (this.#flights.get(name) === flight) this.#flights.delete(name);
    });
    this.#flights.set(name, flight);
    return flight;
  }

  /** As `answeredOnce`; what is kept is gone with `forget` of all caches. Rejects with `unavailable` where caches are switched off. */
  async once<T>(asked: Omit<Once<T>, 'holder'>): Promise<T> {
    if (this.#options.store === noCacheStore) throw nowhereToKeep();
    const holder = this.#options.newId();
    return answeredOnce(this.#guarded, this.#options.codec, {
      ...{ key: asked.key, keepMs: asked.keepMs, signal: asked.signal, repeatable: asked.repeatable, holder },
      ...{ work: () => asked.work(), keeps: answer => asked.keeps(answer) },
    });
  }

  /** @returns whether it is kept */
  async append(cache: CacheName, key: string, item: unknown): Promise<boolean> {
    const bytes = await this.#options.codec.encode(item);
    const kept = await this.#guarded.attempt(
      store => store.append(cache, key, bytes, this.#ttlOf(cache), LONGEST_LIST),
      undefined,
    );
    return kept !== undefined;
  }

  /** The newest items of a list, oldest first, without those that cannot be read. */
  async items(cache: CacheName, key: string, limit: number): Promise<readonly unknown[]> {
    const found = await this.#guarded.attempt(store => store.items(cache, key, limit), []);
    this.#counts.add(cache, found.length > 0);
    const items = await Promise.all(found.map(bytes => this.#decode(cache, bytes)));
    return items.flatMap(item => (item ? [item.value] : []));
  }

  /**
   * Forgets what matches; what is being computed meanwhile is not stored. Rejects with `unavailable` when that cannot be promised.
   * @returns how many entries
   */
  async forget(of: CacheFilter): Promise<number> {
    this.#flights.clear();
    const { cache, pattern, tag } = of;
    const matches = patternMatcher(pattern);
    let forgotten = 0;
    // What a process keeps for itself has no tags.
    for (const [name, own] of Object.entries(this.#options.inProcess ?? {}))
      if (tag === undefined && (cache ?? name) === name) forgotten += own.forget(matches);
    return forgotten + (await this.#guarded.demand(store => store.forget(of), OPERATOR_DEADLINE_MS));
  }

  /** What this process keeps for itself; asks nobody. */
  get inProcess(): ReadonlyMap<string, InProcessStatistics> {
    const own = Object.entries(this.#options.inProcess ?? {});
    return new Map(own.map(([name, one]) => [name, one.statistics]));
  }

  /** Rejects with `unavailable` when the store does not answer. */
  async statistics(): Promise<CacheStatistics> {
    await this.#counts.tell();
    const [servers, tallies] = await this.#guarded.demand(
      store => Promise.all([store.servers(), store.tallies()]),
      OPERATOR_DEADLINE_MS,
    );
    const { failures, problem } = this.#guarded;
    return {
      servers,
      tallies,
      failures,
      unreadable: this.#unreadable,
      inProcess: this.inProcess,
      ...(problem !== undefined && { problem }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#counts.tell();
    await this.#options.store[Symbol.asyncDispose]();
  }

  async #fly<T>(
    cache: CacheName,
    key: string,
    compute: () => Promise<T>,
    { accepts, tags = [] }: ComputeOptions<T>,
  ): Promise<T> {
    const find = () => this.#find(cache, key, accepts);
    const found = await find();
    this.#counts.add(cache, found !== undefined);
    if (found) return found.value;
    const holder = this.#options.newId();
    const store = (value: T) => this.#store(cache, key, value, tags, holder);
    return computeOnce(this.#guarded, { cache, key, tags, holder, find, compute, store });
  }

  async #find<T>(
    cache: CacheName,
    key: string,
    accepts?: (value: unknown) => value is T,
  ): Promise<{ readonly value: T } | undefined> {
    const { extends: isExtended }: CachePolicy = CACHES[cache];
    const bytes = await this.#guarded.attempt(
      store => store.get(cache, key, isExtended ? this.#ttlOf(cache) : undefined),
      undefined,
    );
    const found = bytes && (await this.#decode(cache, bytes));
    if (!found) return undefined;
    if (!accepts || accepts(found.value)) return found as { readonly value: T };
    this.#cannotRead(cache, 'it is no such value');
    return undefined;
  }

  /** Anybody may have written there. */
  async #decode(cache: CacheName, bytes: Uint8Array): Promise<{ readonly value: unknown } | undefined> {
    try {
      return { value: await this.#options.codec.decode(bytes) };
    } catch (error) {
      this.#cannotRead(cache, (error as Error).message);
      return undefined;
    }
  }

  async #store(
    cache: CacheName,
    key: string,
    value: unknown,
    tags: readonly string[],
    claim: string,
  ): Promise<boolean> {
    try {
      const bytes = await this.#options.codec.encode(value);
      const ttlMs = this.#ttlOf(cache);
      return await this.#guarded.attempt(
        store => store.put(cache, key, bytes, { ttlMs, tags, claim }),
        false,
      );
    } catch (error) {
      this.#options.logger.debug('not cached', { cache, reason: (error as Error).message });
      return false;
    }
  }

  #ttlOf(cache: CacheName): number {
    return this.#options.ttls?.[cache] ?? CACHES[cache].ttlMs;
  }

  #cannotRead(cache: CacheName, reason: string): void {
    this.#unreadable += 1;
    this.#options.logger.warn('a cached value cannot be read and counts as missing', { cache, reason });
  }
}
