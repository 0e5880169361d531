import { chmodSync, statSync, unlinkSync } from 'node:fs';
import { MemoryError } from '../../../engine/errors.ts';
import { Database } from '../database.ts';
import type { Driver, DriverName } from '../driver.ts';
import { prepareFolder } from '../localFolder.ts';
import { pragma } from '../migrations.ts';
import { openDriver } from '../openDriver.ts';
import { noDatabase, SQLITE, sqliteCode, translate } from '../sqliteError.ts';

/** "MemK": tells our cache files from others'. */
const APPLICATION_ID = 0x4d656d4b;
/** Another number, and the file is begun anew: it is a cache. */
const VERSION = 1;
const CACHE_KIB = 1_000;
const WAL_BYTES = 4_000_000;
const SMALLEST_PAGE = 512;

const SCHEMA = `
  CREATE TABLE entries (
    num INTEGER PRIMARY KEY,
    cache TEXT NOT NULL,
    key TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    value BLOB,
    UNIQUE (cache, key)
  );
  CREATE INDEX entries_expiry ON entries (expires_at);
  CREATE INDEX entries_use ON entries (used_at, bytes);
  -- The items of those entries that are lists; their value is null.
  CREATE TABLE items (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    entry INTEGER NOT NULL REFERENCES entries ON DELETE CASCADE,
    item BLOB NOT NULL
  );
  CREATE INDEX items_entry ON items (entry, num);
  CREATE TABLE claims (
    cache TEXT NOT NULL,
    key TEXT NOT NULL,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (cache, key)
  ) WITHOUT ROWID;
  -- Of entries and of those to be.
  CREATE TABLE tags (
    tag TEXT NOT NULL,
    cache TEXT NOT NULL,
    key TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tag, cache, key)
  ) WITHOUT ROWID;
  CREATE INDEX tags_expiry ON tags (expires_at);
  CREATE TABLE tallies (cache TEXT PRIMARY KEY, hits INTEGER NOT NULL, misses INTEGER NOT NULL) WITHOUT ROWID;
`;

/** Opens the file of a cache, or makes it. One that is damaged or of another release is begun anew; another program's is left alone. */
export async function openCacheDatabase(
  path: string,
  driverName: DriverName | undefined,
  busyDeadlineMs: number,
): Promise<Database> {
  prepareFolder(path);
  try {
    return await open(path, driverName, busyDeadlineMs);
  } catch (error) {
    if (!isBroken(error)) throw error;
    removeFiles(path);
    return await open(path, driverName, busyDeadlineMs);
  }
}

/** Whether nothing can be read from the file any more. */
export function isBroken(error: unknown): boolean {
  const code = sqliteCode(MemoryError.is(error) ? error.cause : error);
  return code === SQLITE.CORRUPT || code === SQLITE.NOTADB || error instanceof OtherVersion;
}

class OtherVersion extends Error {}

async function open(path: string, driverName: DriverName | undefined, deadlineMs: number): Promise<Database> {
  // stat does not open the file: opening and closing it here would drop SQLite's locks.
  const before = statSync(path, { throwIfNoEntry: false });
  let driver: Driver | undefined;
  try {
    driver = await openDriver(path, driverName);
    const database = new Database(driver, path, deadlineMs);
    driver.exec('PRAGMA busy_timeout = 0');
    const isEmpty = (await database.look(() => pragma(database, 'schema_version'))) === 0;
    if (isEmpty && before && before.size > 0 && before.size < SMALLEST_PAGE) throw new OtherVersion();
    if (isEmpty && !before) chmodSync(path, 0o600);
    if (!isEmpty && (await database.look(() => pragma(database, 'application_id'))) !== APPLICATION_ID)
      throw noDatabase(path);
    await database.look(() => database.get('PRAGMA journal_mode = WAL'));
    // What a crash of the system takes back is computed again.
    driver.exec(`PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_size_limit = ${WAL_BYTES}`);
    await database.write(() => {
      const version = pragma(database, 'user_version');
      if (version === VERSION) return;
      if (version !== 0) throw new OtherVersion();
      database.driver.exec(
        `${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`,
      );
    });
    return database;
  } catch (error) {
    driver?.close();
    throw translate(error, path);
  }
}

/** What other processes have open of it they keep, until they open it anew. */
export function removeFiles(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    if (statSync(file, { throwIfNoEntry: false })) unlinkSync(file);
}
