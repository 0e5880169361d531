import { chmodSync, statSync, unlinkSync } from 'node:fs';
import { MemoryError } from '../../engine/errors.ts';
import type { StoreReport } from '../../engine/ports/store.ts';
import type { Database } from './database.ts';
import type { DriverName } from './driver.ts';
import { pragma, SCHEMA_VERSION } from './migrations.ts';
import { openDriver } from './openDriver.ts';
import { SQLITE, sqliteCode } from './sqliteError.ts';

/** See `Store.report`. */
export async function reportFile(
  database: Database,
  storeId: string,
  locked: string | undefined,
  integrity: boolean,
): Promise<StoreReport> {
  return database.read(() => ({
    driver: database.driver.name,
    location: database.path,
    schemaVersion: SCHEMA_VERSION,
    bytes: pragma(database, 'page_count') * pragma(database, 'page_size'),
    storeId,
    ...(locked !== undefined && { locked }),
    problems: integrity ? problemsOf(database) : [],
  }));
}

function problemsOf(database: Database): string[] {
  try {
    return database
      .all('PRAGMA integrity_check(20)')
      .map(row => String(row['integrity_check']))
      .filter(line => line !== 'ok');
  } catch (error) {
    if (sqliteCode(error) !== SQLITE.CORRUPT) throw error;
    return [(error as Error).message];
  }
}

/** See `Store.backup`. */
export async function backUpFile(database: Database, path: string): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })) {
    throw new MemoryError('conflict', `${path} exists already.`, 'Choose another file for the backup.');
  }
  try {
    await database.look(() => database.run('VACUUM INTO ?', path));
    await demandSound(path, database.driver.name as DriverName);
  } catch (error) {
    // Half a copy would pass for a whole one.
    if (statSync(path, { throwIfNoEntry: false })) unlinkSync(path);
    throw error;
  }
  chmodSync(path, 0o600);
}

/** Reads every page of a copy: what a failing disk has made of it shows now, not on the day when it is needed. */
async function demandSound(path: string, driverName: DriverName): Promise<void> {
  const driver = await openDriver(path, driverName);
  try {
    const [first] = driver.prepare('PRAGMA integrity_check(1)').all([]);
    if (first?.['integrity_check'] === 'ok') return;
    throw new MemoryError(
      'unavailable',
      `The copy ${path} cannot be read: ${first?.['integrity_check']}`,
      'Run `memory-central doctor`, and look at the disks: the store or the copy is damaged.',
    );
  } finally {
    driver.close();
  }
}
