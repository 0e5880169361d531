import { statSync } from 'node:fs';
import { checkCacheEntry } from '../../../engine/caches/checkCacheEntry.ts';
import type {
  CacheFilter,
  CacheServer,
  CacheStore,
  CacheTally,
  PutOptions,
} from '../../../engine/ports/cacheStore.ts';
import type { Database } from '../database.ts';
import type { DriverName } from '../driver.ts';
import { isBroken, openCacheDatabase, removeFiles } from './cacheDatabase.ts';
import { addTag, bytesOf, dropClaims, dropMatching, holds, makeRoom, storeEntry, tidy } from './cacheRows.ts';

/** Times of use are written this seldom: else each read would be a write. */
const USED_EVERY_MS = 60_000;
/** What an entry takes beside its value. */
const ROW_BYTES = 100;
/** Share of the room by which a process may exceed it. */
const UNSEEN = 0.01;

export interface SqliteCacheStoreOptions {
  /** The file; it and its folder are made at the first use. */
  readonly path: string;
  readonly now: () => number;
  /** Of values; what was used longest ago goes first. */
  readonly maxBytes: number;
  /** Longest wait for a locked file. */
  readonly busyDeadlineMs: number;
  /** For tests; default: what the runtime offers. */
  readonly driver?: DriverName;
}

/** A cache of the processes of one machine, in a file of its own: what happens to it does not touch memories. */
export class SqliteCacheStore implements CacheStore {
  readonly #options: SqliteCacheStoreOptions;
  #opening: Promise<Database> | undefined;
  #unseen = Number.POSITIVE_INFINITY;

  constructor(options: SqliteCacheStoreOptions) {
    this.#options = options;
  }

  async get(cache: string, key: string, extendMs?: number): Promise<Uint8Array | undefined> {
    checkCacheEntry(cache, [key]);
    const now = this.#options.now();
    return this.#use(async database => {
      const row = await database.look(() =>
        database.get(
          'SELECT num, value, used_at FROM entries WHERE cache = ? AND key = ? AND expires_at > ? AND value IS NOT NULL',
          cache,
          key,
          now,
        ),
      );
      if (!row) return undefined;
      if (extendMs !== undefined || now - (row['used_at'] as number) >= USED_EVERY_MS)
        await database.write(() =>
          database.run(
            'UPDATE entries SET used_at = ?, expires_at = coalesce(?, expires_at) WHERE num = ?',
            now,
            extendMs === undefined ? null : now + extendMs,
            row['num'] as number,
          ),
        );
      return bytesOf(row['value']!);
    });
  }

  async put(cache: string, key: string, value: Uint8Array, options: PutOptions): Promise<boolean> {
    const { claim, tags = [], ttlMs } = options;
    checkCacheEntry(cache, [key, ...tags]);
    const now = this.#options.now();
    return this.#use(database =>
      database.write(() => {
        if (claim !== undefined && !holds(database, cache, key, claim, now)) return false;
        tidy(database, now);
        dropClaims(database, cache, key);
        const at = { cache, key, now, expiresAt: now + ttlMs };
        storeEntry(database, at, value);
        for (const tag of tags) addTag(database, tag, at);
        this.#limit(database, value.length);
        return true;
      }),
    );
  }

  async claim(
    cache: string,
    key: string,
    holder: string,
    ttlMs: number,
    tags: readonly string[],
  ): Promise<boolean> {
    checkCacheEntry(cache, [key, ...tags]);
    const now = this.#options.now();
    return this.#use(database =>
      database.write(() => {
        const { changes } = database.run(
          `INSERT INTO claims VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET holder = ?3, expires_at = ?4
           WHERE holder = ?3 OR expires_at <= ?5`,
          cache,
          key,
          holder,
          now + ttlMs,
          now,
        );
        if (changes === 0) return false;
        for (const tag of tags) addTag(database, tag, { cache, key, expiresAt: now + ttlMs });
        return true;
      }),
    );
  }

  async release(cache: string, key: string, holder: string): Promise<void> {
    await this.#use(database =>
      database.write(() =>
        database.run('DELETE FROM claims WHERE cache = ? AND key = ? AND holder = ?', cache, key, holder),
      ),
    );
  }

  async append(cache: string, key: string, item: Uint8Array, ttlMs: number, most: number): Promise<number> {
    checkCacheEntry(cache, [key]);
    const now = this.#options.now();
    return this.#use(database =>
      database.write(() => {
        tidy(database, now);
        const entry = storeEntry(database, { cache, key, now, expiresAt: now + ttlMs }, null, item.length);
        database.run('INSERT INTO items (entry, item) VALUES (?, ?)', entry, item);
        database.run(
          `DELETE FROM items WHERE entry = ?1 AND num <=
             (SELECT num FROM items WHERE entry = ?1 ORDER BY num DESC LIMIT 1 OFFSET ?2)`,
          entry,
          most,
        );
        const kept = database.get(
          'SELECT count(*) AS items, sum(length(item)) AS bytes FROM items WHERE entry = ?',
          entry,
        )!;
        database.run('UPDATE entries SET bytes = ? WHERE num = ?', kept['bytes']!, entry);
        this.#limit(database, item.length);
        return kept['items'] as number;
      }),
    );
  }

  async items(cache: string, key: string, limit: number): Promise<readonly Uint8Array[]> {
    checkCacheEntry(cache, [key]);
    return this.#use(database =>
      database.look(() =>
        database
          .all(
            `SELECT item FROM items WHERE entry = (SELECT num FROM entries WHERE cache = ? AND key = ? AND expires_at > ?)
             ORDER BY num DESC LIMIT ?`,
            cache,
            key,
            this.#options.now(),
            limit,
          )
          .map(row => bytesOf(row['item']!))
          .reverse(),
      ),
    );
  }

  async forget(of: CacheFilter): Promise<number> {
    const { now } = this.#options;
    return this.#use(database =>
      database.write(() => {
        tidy(database, now());
        return dropMatching(database, of);
      }),
    );
  }

  async count(cache: string, hits: number, misses: number): Promise<void> {
    checkCacheEntry(cache, []);
    await this.#use(database =>
      database.write(() =>
        database.run(
          'INSERT INTO tallies VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET hits = hits + ?2, misses = misses + ?3',
          cache,
          hits,
          misses,
        ),
      ),
    );
  }

  async tallies(): Promise<ReadonlyMap<string, CacheTally>> {
    const now = this.#options.now();
    const rows = await this.#use(database =>
      database.look(() =>
        database.all(
          `SELECT cache, sum(entries) AS entries, sum(hits) AS hits, sum(misses) AS misses FROM (
             SELECT cache, count(*) AS entries, 0 AS hits, 0 AS misses FROM entries WHERE expires_at > ? GROUP BY cache
             UNION ALL SELECT cache, 0, hits, misses FROM tallies) GROUP BY cache ORDER BY cache`,
          now,
        ),
      ),
    );
    return new Map(
      rows.map(row => [
        row['cache'] as string,
        {
          entries: row['entries'] as number,
          hits: row['hits'] as number,
          misses: row['misses'] as number,
        },
      ]),
    );
  }

  async servers(): Promise<readonly CacheServer[]> {
    const { maxBytes, path } = this.#options;
    await this.#use(async () => {});
    return [{ location: path, usedBytes: statSync(path).size, maxBytes, eviction: 'lru' }];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    (await this.#opening?.catch(() => undefined))?.close();
  }

  /** Adding up what is there takes long: done again when enough has come. */
  #limit(database: Database, bytes: number): void {
    const { maxBytes } = this.#options;
    this.#unseen += bytes + ROW_BYTES;
    if (this.#unseen < maxBytes * UNSEEN) return;
    this.#unseen = 0;
    makeRoom(database, maxBytes);
  }

  /** A file that turns out to be damaged is begun anew by the next call. */
  async #use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const { busyDeadlineMs, driver, path } = this.#options;
    this.#opening ??= openCacheDatabase(path, driver, busyDeadlineMs).catch(error => {
      this.#opening = undefined;
      throw error;
    });
    const opening = this.#opening;
    const database = await opening;
    try {
      return await work(database);
    } catch (error) {
      // Another call may have opened it anew already.
      if (isBroken(error) && this.#opening === opening) {
        this.#opening = undefined;
        database.close();
        removeFiles(path);
      }
      throw error;
    }
  }
}
