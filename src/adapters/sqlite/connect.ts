import { chmodSync, statSync } from 'node:fs';
import { MemoryError } from '../../engine/errors.ts';
import { Database } from './database.ts';
import type { Driver, DriverName } from './driver.ts';
import { prepareFolder } from './localFolder.ts';
import { APPLICATION_ID, pragma } from './migrations.ts';
import { openDriver } from './openDriver.ts';
import { sameFile } from './sameFile.ts';
import { noDatabase, translate } from './sqliteError.ts';

/** 4 MB: a developer has seven of these open, and the system's page cache is shared by all. */
const CACHE_KIB = 4_000;
const SMALLEST_PAGE = 512;
/** What an import leaves of the write-ahead log. */
const WAL_BYTES = 16_000_000;

/**
 * Opens the file, or makes it, readable by this user only. Nothing is written to a file that exists before it is known for ours.
 * Rejects with `unavailable` for what is no database, or cannot be opened.
 * @param applicationId of ours; default: of memories
 */
export async function connect(
  path: string,
  driverName: DriverName | undefined,
  busyDeadlineMs: number,
  applicationId = APPLICATION_ID,
): Promise<Database> {
  prepareFolder(path);
  // stat does not open the file: opening and closing it here would drop SQLite's locks.
  const before = statSync(path, { throwIfNoEntry: false });
  if (before?.isDirectory()) {
    throw new MemoryError('unavailable', `${path} is a folder.`, 'Set DATABASE_URL to a file in it.');
  }
  let driver: Driver | undefined;
  try {
    driver = await openDriver(path, driverName);
    const database = new Database(driver, path, busyDeadlineMs);
    driver.exec('PRAGMA busy_timeout = 0');
    const isEmpty = (await database.look(() => pragma(database, 'schema_version'))) === 0;
    // SQLite takes anything shorter than its smallest page for an empty database, and would write over it.
    if (isEmpty && before && before.size > 0 && before.size < SMALLEST_PAGE) throw noDatabase(path);
    // Also where whoever made it was killed before it came to this.
    if (isEmpty && !before?.size) chmodSync(path, 0o600);
    const application = await database.look(() => pragma(database, 'application_id'));
    if (application === applicationId || (isEmpty && application === 0)) await useWal(database);
    driver.exec(`PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
      PRAGMA secure_delete = ON; PRAGMA cache_size = -${CACHE_KIB}; PRAGMA journal_size_limit = ${WAL_BYTES}`);
    await database.look(() => pragma(database, 'schema_version'));
    database.demandFile = sameFile(path);
    return database;
  } catch (error) {
    driver?.close();
    throw translate(error, path);
  }
}

async function useWal(database: Database): Promise<void> {
  const row = await database.look(() => database.get('PRAGMA journal_mode = WAL'));
  if (row?.['journal_mode'] === 'wal') return;
  throw new MemoryError(
    'unavailable',
    `${database.path} is on a file system without shared memory, where several processes cannot share it.`,
    'Set DATABASE_URL to a file on a local disk.',
  );
}
