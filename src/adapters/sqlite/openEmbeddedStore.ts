import type { Clock } from '../../engine/ports/clock.ts';
import type { Identity } from '../../engine/ports/identity.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Replica } from '../../engine/ports/replica.ts';
import type { Sealer } from '../../engine/ports/sealer.ts';
import type { Store } from '../../engine/ports/store.ts';
import { AccessCounter } from './accessCounter.ts';
import { ChangeWatcher } from './changeWatcher.ts';
import { connect } from './connect.ts';
import type { Database } from './database.ts';
import type { DriverName } from './driver.ts';
import { MemoryWriter } from './memoryWriter.ts';
import { migrate } from './migrations.ts';
import { OperationWriter } from './operationRow.ts';
import { sqliteRecords } from './records/sqliteRecords.ts';
import { Outbox } from './replica/outbox.ts';
import { RehearsalDatabase } from './replica/rehearsalDatabase.ts';
import { Replayer } from './replica/replayer.ts';
import { SqliteReplica } from './replica/sqliteReplica.ts';
import { SqliteEmbeddingStore } from './sqliteEmbeddingStore.ts';
import { SqliteIndexSource } from './sqliteIndexSource.ts';
import { SqliteLeaseStore } from './sqliteLeaseStore.ts';
import { SqliteMemoryStore } from './sqliteMemoryStore.ts';
import { SqliteOperationLog } from './sqliteOperationLog.ts';
import { backUpFile, reportFile } from './storeFile.ts';
import { Vault } from './vault.ts';
import { sqliteWork } from './work/sqliteWork.ts';

export interface EmbeddedStoreOptions {
  /** The database file; it and its folder are made when missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly identity: Identity;
  /** For what sensitive memories say. */
  readonly sealer: Sealer;
  readonly logger: Logger;
  /** Called when a memory has become sensitive, before that is acknowledged: what others hold of it readably must go. Never rejects. */
  readonly conceal?: () => Promise<void>;
  /** What no person has reviewed is there for its author and for people alone. Default false */
  readonly reviewedOnly?: boolean;
  /** For tests; default: what the runtime offers. */
  readonly driver?: DriverName;
  /** Longest wait for a locked file. Default 5,000. */
  readonly busyDeadlineMs?: number;
}

/**
 * One SQLite file that several processes open at once. Acknowledged means on disk (WAL, `synchronous=FULL`).
 * Rejects with `unavailable` when the file is damaged, of another program or a newer release, or cannot be opened; it is left untouched then.
 */
export async function openEmbeddedStore(
  options: EmbeddedStoreOptions,
): Promise<Store & { readonly replica: Replica }> {
  const { path, clock, identity, logger, sealer, busyDeadlineMs = 5_000, reviewedOnly = false } = options;
  const database = await connect(path, options.driver, busyDeadlineMs);
  const now = () => clock.now();
  database.conceal = options.conceal;
  const vault = new Vault(database, sealer, logger);
  let meta: ReadonlyMap<string, string>;
  try {
    await migrate(database, identity.newId, now);
    const rows = await database.look(() => database.all('SELECT key, value FROM meta'));
    await vault.unlock();
    if (reviewedOnly) demandReview(database);
    meta = new Map(rows.map(row => [row['key'] as string, row['value'] as string]));
  } catch (error) {
    database.close();
    throw error;
  }
  const writerOn = (on: Database, vault: Vault) => {
    const log = new OperationWriter(on, vault, meta.get('replica')!, identity.newId, now);
    return new MemoryWriter(on, vault, log, identity.sha256);
  };
  const memoriesOn = (on: Database, vault: Vault, access: AccessCounter) =>
    new SqliteMemoryStore(on, vault, writerOn(on, vault), access, now);
  const access = new AccessCounter(database, logger);
  const memories = memoriesOn(database, vault, access);
  const watcher = new ChangeWatcher(database, logger);
  const records = sqliteRecords(database, now, logger);
  const replayer = new Replayer(database, vault, identity.sha256);
  const merging = { database, vault, replayer, writer: writerOn(database, vault), sha256: identity.sha256 };
  const outbox = new Outbox(merging, logger);
  const openRehearsal = async () => {
    const { driver } = await connect(path, options.driver, busyDeadlineMs);
    const on = new RehearsalDatabase(driver, path, busyDeadlineMs, logger);
    on.demandFile = database.demandFile;
    on.conceal = options.conceal;
    const own = new Vault(on, sealer, logger);
    await own.unlock();
    if (reviewedOnly) demandReview(on);
    return { database: on, memories: memoriesOn(on, own, new AccessCounter(on, logger)) };
  };
  const replica = new SqliteReplica({ database, access, replayer, outbox, openRehearsal });
  return {
    memories,
    operations: new SqliteOperationLog(database, vault, watcher),
    index: new SqliteIndexSource(database, vault, memories),
    embeddings: new SqliteEmbeddingStore(database, vault, now),
    leases: new SqliteLeaseStore(database, now),
    records,
    work: sqliteWork(database, now),
    replica,
    report: async ({ integrity = false } = {}) =>
      reportFile(database, meta.get('store_id')!, vault.locked, integrity),
    backup: path => backUpFile(database, path),
    async [Symbol.asyncDispose]() {
      records[Symbol.dispose]();
      watcher[Symbol.dispose]();
      await access.flush();
      await replica.close();
      database.close();
    },
  };
}

/** From now on, on this connection: see `visibleTo`. */
function demandReview({ driver }: Database): void {
  driver.exec('UPDATE temp.clearance SET reviewed_only = 1');
}
