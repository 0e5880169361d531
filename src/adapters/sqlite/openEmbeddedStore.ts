import { mkdirSync, statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MemoryError } from '../../engine/errors.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Identity } from '../../engine/ports/identity.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Store, StoreReport } from '../../engine/ports/store.ts';
import { AccessCounter } from './accessCounter.ts';
import { ChangeWatcher } from './changeWatcher.ts';
import { Database } from './database.ts';
import type { DriverName } from './driver.ts';
import { MemoryWriter } from './memoryWriter.ts';
import { migrate, pragma, SCHEMA_VERSION } from './migrations.ts';
import { openDriver } from './openDriver.ts';
import { OperationWriter } from './operationRow.ts';
import { SqliteEmbeddingStore } from './sqliteEmbeddingStore.ts';
import { translate } from './sqliteError.ts';
import { SqliteIndexSource } from './sqliteIndexSource.ts';
import { SqliteLeaseStore } from './sqliteLeaseStore.ts';
import { SqliteMemoryStore } from './sqliteMemoryStore.ts';
import { SqliteOperationLog } from './sqliteOperationLog.ts';

export interface EmbeddedStoreOptions {
  /** The database file; it and its folder are made when missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly logger: Logger;
  /** For tests; default: what the runtime offers. */
  readonly driver?: DriverName;
  /** Longest wait for a locked file. Default 5,000. */
  readonly busyDeadlineMs?: number;
}

/** File systems on which SQLite's WAL mode does not work, since it needs shared memory: statfs(2) types. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  4283649346: 'CIFS',
  1397113167: 'SMB2',
};

/**
 * One SQLite file that several processes open at once. Acknowledged means on disk (WAL, `synchronous=FULL`).
 * Rejects with `unavailable` when the file is damaged, of another program or a newer release, or cannot be opened; it is left untouched then.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { path, clock, identity, logger } = options;
  prepareFolder(path);
  const database = await connect(options);
  const now = () => clock.now();
  try {
    await migrate(database, identity.newId, now);
  } catch (error) {
    database.close();
    throw translate(error, path);
  }
  const meta = new Map(
    database.all('SELECT key, value FROM meta').map(row => [row['key'], String(row['value'])]),
  );
  const log = new OperationWriter(database, meta.get('replica')!, identity.newId, now);
  const writer = new MemoryWriter(database, log, identity.sha256);
  const access = new AccessCounter(database, logger);
  const watcher = new ChangeWatcher(database, logger);
  return {
    memories: new SqliteMemoryStore(database, writer, access, now),
    operations: new SqliteOperationLog(database, watcher),
    index: new SqliteIndexSource(database),
    embeddings: new SqliteEmbeddingStore(database),
    leases: new SqliteLeaseStore(database, now),
    report: async ({ integrity = false } = {}) => report(database, meta.get('store_id')!, integrity),
    backup: path => backup(database, path),
    async [Symbol.asyncDispose]() {
      watcher[Symbol.dispose]();
      await access.flush();
      database.close();
    },
  };
}

async function connect({ path, driver, busyDeadlineMs = 5_000 }: EmbeddedStoreOptions): Promise<Database> {
  try {
    const database = new Database(await openDriver(path, driver), path, busyDeadlineMs);
    // Nothing that writes comes before `migrate` has looked whose file it is.
    database.driver.exec('PRAGMA busy_timeout = 0');
    await database.alone(() => pragma(database, 'schema_version'));
    if (pragma(database, 'application_id') !== 0 || pragma(database, 'schema_version') === 0) {
      await database.alone(() => database.driver.exec('PRAGMA journal_mode = WAL'));
    }
    database.driver.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY');
    // 4 MB: a developer has seven of these open.
    database.driver.exec('PRAGMA cache_size = -4000');
    return database;
  } catch (error) {
    throw translate(error, path);
  }
}

function prepareFolder(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MemoryError(
      'unavailable',
      `The folder ${folder} cannot be made: ${(error as Error).message}`,
      'Set DATABASE_URL to a file in a folder that this user may write to.',
      { cause: error },
    );
  }
  const network = NETWORK_FILE_SYSTEMS[statfsSync(folder).type];
  if (network) {
    throw new MemoryError(
      'unavailable',
      `${folder} is on ${network}, where several processes cannot share a SQLite file safely.`,
      'Set DATABASE_URL to a file on a local disk.',
    );
  }
}

async function report(database: Database, storeId: string, integrity: boolean): Promise<StoreReport> {
  return database.look(() => {
    const problems = integrity
      ? database
          .all('PRAGMA integrity_check(20)')
          .map(row => String(row['integrity_check']))
          .filter(line => line !== 'ok')
      : [];
    return {
      driver: database.driver.name,
      location: database.path,
      schemaVersion: SCHEMA_VERSION,
      bytes: pragma(database, 'page_count') * pragma(database, 'page_size'),
      storeId,
      problems,
    };
  });
}

async function backup(database: Database, path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) {
    throw new MemoryError('conflict', `${path} exists already.`, 'Choose another file for the backup.');
  }
  await database.alone(() => database.run('VACUUM INTO ?', path));
}
