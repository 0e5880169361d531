import { checkCacheEntry } from '../../../engine/caches/checkCacheEntry.ts';
import { patternMatcher } from '../../../engine/caches/patternMatcher.ts';
import type {
  CacheFilter,
  CacheServer,
  CacheStore,
  CacheTally,
  PutOptions,
} from '../../../engine/ports/cacheStore.ts';
import { scanKeys } from '../records/scanKeys.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { cacheScript } from './cacheScript.ts';
import { inspectServers } from './inspectServers.ts';
import { splitTags, withTags } from './taggedValue.ts';

const ENTRIES = 'cache:';
const CLAIMS = 'cache-claim:';
const TAGS = 'cache-tag:';
const TALLIES = 'cache-stats';
/** Keys that go at once. */
const BATCH = 500;

/**
 * STRING, or LIST, `cache:{cache}:{key}`; STRING `cache-claim:{cache}:{key}`, SET `cache-tag:{tag}`, HASH `cache-stats`. The connection is its
 * own, and disposed with it: its deadline is a cache's.
 */
export class RedisCacheStore implements CacheStore {
  readonly #connection: RedisConnection;
  readonly #put: ReturnType<typeof cacheScript>;
  readonly #claim: ReturnType<typeof cacheScript>;
  readonly #release: ReturnType<typeof cacheScript>;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
    this.#put = cacheScript(connection, 'put');
    this.#claim = cacheScript(connection, 'claim');
    this.#release = cacheScript(connection, 'release');
  }

  async get(cache: string, key: string, extendMs?: number): Promise<Uint8Array | undefined> {
    checkCacheEntry(cache, [key]);
    const name = this.#key(ENTRIES, cache, key);
    const found = await this.#connection.ask(client =>
      extendMs === undefined ? client.getBuffer(name) : client.getexBuffer(name, 'PX', extendMs),
    );
    if (!found) return undefined;
    const { tags, value } = splitTags(found);
    return (await this.#isIn(tags, `${cache}:${key}`)) ? value : undefined;
  }

  async put(cache: string, key: string, value: Uint8Array, options: PutOptions): Promise<boolean> {
    const { claim = '', tags = [], ttlMs } = options;
    checkCacheEntry(cache, [key, ...tags]);
    const keys = [this.#key(ENTRIES, cache, key), this.#key(CLAIMS, cache, key), ...this.#tags(tags)];
    return (await this.#put(keys, withTags(value, tags), ttlMs, claim, `${cache}:${key}`)) === 1;
  }

  async claim(
    cache: string,
    key: string,
    holder: string,
    ttlMs: number,
    tags: readonly string[],
  ): Promise<boolean> {
    checkCacheEntry(cache, [key, ...tags]);
    const keys = [this.#key(CLAIMS, cache, key), ...this.#tags(tags)];
    return (await this.#claim(keys, holder, ttlMs, `${cache}:${key}`)) === 1;
  }

  async release(cache: string, key: string, holder: string): Promise<void> {
    await this.#release([this.#key(CLAIMS, cache, key)], holder);
  }

  async append(cache: string, key: string, item: Uint8Array, ttlMs: number, most: number): Promise<number> {
    checkCacheEntry(cache, [key]);
    const name = this.#key(ENTRIES, cache, key);
    return this.#connection.ask(async client => {
      const replies = await client
        .multi()
        .rpush(name, Buffer.from(item))
        .ltrim(name, -most, -1)
        .pexpire(name, ttlMs)
        .llen(name)
        .exec();
      for (const [error] of replies ?? []) if (error) throw error;
      return replies!.at(-1)![1] as number;
    });
  }

  async items(cache: string, key: string, limit: number): Promise<readonly Uint8Array[]> {
    checkCacheEntry(cache, [key]);
    const name = this.#key(ENTRIES, cache, key);
    return this.#connection.ask(client => client.lrangeBuffer(name, -limit, -1));
  }

  async forget({ cache, pattern, tag }: CacheFilter): Promise<number> {
    const matches = patternMatcher(pattern);
    const wanted = (member: string) => {
      const [, of, key] = /^([^:]*):(.*)$/s.exec(member) ?? [];
      return of !== undefined && (cache === undefined || cache === of) && matches(key!);
    };
    if (tag !== undefined) return this.#forgetTagged(tag, wanted);
    // Claims first: what is being computed is not stored afterwards.
    await this.#forgetScanned(CLAIMS, cache, wanted);
    return this.#forgetScanned(ENTRIES, cache, wanted);
  }

  async count(cache: string, hits: number, misses: number): Promise<void> {
    checkCacheEntry(cache, []);
    const name = this.#connection.key(TALLIES);
    await this.#connection.ask(async client => {
      const replies = await client
        .pipeline()
        .hincrby(name, `${cache}:hits`, hits)
        .hincrby(name, `${cache}:misses`, misses)
        .exec();
      for (const [error] of replies!) if (error) throw error;
    });
  }

  async tallies(): Promise<ReadonlyMap<string, CacheTally>> {
    const start = this.#connection.key(ENTRIES);
    return this.#connection.ask(async client => {
      const found = new Map<string, CacheTally>();
      const add = (cache: string, what: keyof CacheTally, count: number) => {
        const before = found.get(cache) ?? { entries: 0, hits: 0, misses: 0 };
        found.set(cache, { ...before, [what]: before[what] + count });
      };
      for await (const keys of scanKeys(client, start))
        for (const key of keys) add(key.slice(start.length).split(':', 1)[0]!, 'entries', 1);
      for (const [field, count] of Object.entries(await client.hgetall(this.#connection.key(TALLIES)))) {
        const [, cache, what] = /^(.*):(hits|misses)$/.exec(field) ?? [];
        if (cache !== undefined) add(cache, what as 'hits' | 'misses', Number(count) || 0);
      }
      return found;
    });
  }

  async servers(): Promise<readonly CacheServer[]> {
    return inspectServers(this.#connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  /** A set that was evicted cannot tell any more what is to be forgotten: what it named counts as forgotten. */
  async #isIn(tags: readonly string[], member: string): Promise<boolean> {
    if (tags.length === 0) return true;
    const found = await this.#connection.ask(client =>
      Promise.all(this.#tags(tags).map(set => client.sismember(set, member))),
    );
    return found.every(count => count === 1);
  }

  async #forgetTagged(tag: string, wanted: (member: string) => boolean): Promise<number> {
    const [set] = this.#tags([tag]);
    return this.#connection.ask(async client => {
      const members = (await client.smembers(set!)).filter(wanted);
      let forgotten = 0;
      for (let i = 0; i < members.length; i += BATCH) {
        const some = members.slice(i, i + BATCH);
        await client.unlink(some.map(member => this.#connection.key(CLAIMS + member)));
        forgotten += await client.unlink(some.map(member => this.#connection.key(ENTRIES + member)));
        await client.srem(set!, ...some);
      }
      return forgotten;
    });
  }

  async #forgetScanned(
    of: string,
    cache: string | undefined,
    wanted: (member: string) => boolean,
  ): Promise<number> {
    const start = this.#connection.key(of);
    return this.#connection.ask(async client => {
      let forgotten = 0;
      for await (const keys of scanKeys(client, start, cache === undefined ? undefined : `${cache}:`)) {
        const matching = keys.filter(key => wanted(key.slice(start.length)));
        if (matching.length > 0) forgotten += await client.unlink(matching);
      }
      return forgotten;
    });
  }

  #key(of: string, cache: string, key: string): string {
    return this.#connection.key(`${of}${cache}:${key}`);
  }

  #tags(tags: readonly string[]): readonly string[] {
    return tags.map(tag => this.#connection.key(TAGS + tag));
  }
}
