import { MemoryError } from '../../engine/errors.ts';
import type { Driver, DriverName } from './driver.ts';
import { createLibsqlDriver } from './libsqlDriver.ts';
import { createNodeSqliteDriver, nodeSqlite } from './nodeSqliteDriver.ts';

/** Drivers this runtime can use, the preferred one first. libsql is there wherever its package is. */
export function availableDrivers(): readonly DriverName[] {
  return nodeSqlite() ? ['node:sqlite', 'libsql'] : ['libsql'];
}

/** @param wanted for tests; default: the runtime's own SQLite where it exists, else libsql */
export async function openDriver(path: string, wanted?: DriverName): Promise<Driver> {
  const builtin = wanted === 'libsql' ? undefined : nodeSqlite();
  if (builtin) return createNodeSqliteDriver(builtin, path);
  if (wanted === 'node:sqlite') {
    throw new MemoryError(
      'unavailable',
      'This Node has no node:sqlite.',
      'Use Node 22.13 or newer, or the libsql driver.',
    );
  }
  return createLibsqlDriver(path);
}
