import type { CacheFilter } from '../../../engine/ports/cacheStore.ts';
import type { Database } from '../database.ts';
import type { SqlValue } from '../driver.ts';

/** So many of what is over go at each write, so that none takes long. */
const TIDIED = 200;
/** When there is no room, so much of it is made that the next writes find some. */
const ROOM = 0.9;
const EVICTED = 500;

interface Place {
  readonly cache: string;
  readonly key: string;
  readonly expiresAt: number;
}

/** A blob, which libsql gives as a bare buffer. */
export function bytesOf(blob: SqlValue): Uint8Array {
  return new Uint8Array(blob as Uint8Array);
}

/** Inside a write transaction, as all of these. @param value null: a list, whose items stay @returns the number of its row */
export function storeEntry(
  database: Database,
  { cache, key, expiresAt, now }: Place & { readonly now: number },
  value: Uint8Array | null,
  bytes = value?.length ?? 0,
): SqlValue {
  // What was of the other kind goes, with its items.
  database.run(
    'DELETE FROM entries WHERE cache = ? AND key = ? AND (value IS NULL) <> ?',
    cache,
    key,
    value === null,
  );
  database.run(
    `INSERT INTO entries (cache, key, expires_at, used_at, bytes, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO UPDATE SET expires_at = ?3, used_at = ?4, bytes = ?5, value = ?6`,
    cache,
    key,
    expiresAt,
    now,
    bytes,
    value,
  );
  return database.get('SELECT num FROM entries WHERE cache = ? AND key = ?', cache, key)!['num']!;
}

export function addTag(database: Database, tag: string, { cache, key, expiresAt }: Place): void {
  database.run(
    'INSERT INTO tags VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET expires_at = max(expires_at, ?4)',
    tag,
    cache,
    key,
    expiresAt,
  );
}

export function holds(database: Database, cache: string, key: string, holder: string, now: number): boolean {
  const row = database.get(
    'SELECT 1 FROM claims WHERE cache = ? AND key = ? AND holder = ? AND expires_at > ?',
    cache,
    key,
    holder,
    now,
  );
  return row !== undefined;
}

export function dropClaims(database: Database, cache: string, key: string): void {
  database.run('DELETE FROM claims WHERE cache = ? AND key = ?', cache, key);
}

export function tidy(database: Database, now: number): void {
  database.run(
    `DELETE FROM entries WHERE num IN (SELECT num FROM entries WHERE expires_at <= ? LIMIT ${TIDIED})`,
    now,
  );
  database.run('DELETE FROM tags WHERE expires_at <= ?', now);
  database.run('DELETE FROM claims WHERE expires_at <= ?', now);
}

/** What was used longest ago goes, until there is room again. */
export function makeRoom(database: Database, maxBytes: number): void {
  let used = database.get('SELECT coalesce(sum(bytes), 0) AS bytes FROM entries')!['bytes'] as number;
  if (used <= maxBytes) return;
  while (used > maxBytes * ROOM) {
    const oldest = database.all(`SELECT num, bytes FROM entries ORDER BY used_at, num LIMIT ${EVICTED}`);
    for (const row of oldest) {
      if (used <= maxBytes * ROOM) return;
      database.run('DELETE FROM entries WHERE num = ?', row['num']!);
      used -= row['bytes'] as number;
    }
  }
}

/** @returns how many entries went */
export function dropMatching(database: Database, { cache, pattern, tag }: CacheFilter): number {
  const glob = pattern === undefined ? null : pattern.replaceAll(/[[?]/g, '[$&]');
  const matches = `(?1 IS NULL OR cache = ?1) AND (?2 IS NULL OR key GLOB ?2)
    AND (?3 IS NULL OR (cache, key) IN (SELECT cache, key FROM tags WHERE tag = ?3))`;
  const run = (sql: string) => database.run(sql, cache ?? null, glob, tag ?? null).changes;
  run(`DELETE FROM claims WHERE ${matches}`);
  const dropped = run(`DELETE FROM entries WHERE ${matches}`);
  run(`DELETE FROM tags WHERE ${matches}`);
  return dropped;
}
