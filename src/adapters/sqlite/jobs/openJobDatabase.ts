import { MemoryError } from '../../../engine/errors.ts';
import { connect } from '../connect.ts';
import type { Database } from '../database.ts';
import type { DriverName } from '../driver.ts';
import { pragma } from '../migrations.ts';

/** "MemJ": tells our files of jobs from others'. */
const APPLICATION_ID = 0x4d656d4a;
const VERSION = 1;

/** What may be long comes last. A job whose time has not come is `waiting`, with its time ahead. */
const SCHEMA = `
  CREATE TABLE jobs (
    num INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    schedule TEXT,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    fence INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    unknown_since INTEGER,
    progress TEXT,
    problem TEXT,
    result TEXT,
    payload TEXT NOT NULL
  );
  CREATE INDEX jobs_due ON jobs (due_at, num) WHERE state = 'waiting';
  CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'active';
  CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state = 'completed';
  CREATE INDEX jobs_state ON jobs (state, num);

  CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    every_ms INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    payload TEXT NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE switches (paused INTEGER NOT NULL);
  INSERT INTO switches VALUES (0);
`;

/**
 * Opens the file of jobs, or makes it: apart from memories, so that neither holds up the other and a copy of memories that is restored
 * does no job again. Rejects with `unavailable` for another program's file, or a newer release's.
 */
export async function openJobDatabase(
  path: string,
  driver: DriverName | undefined,
  busyDeadlineMs: number,
): Promise<Database> {
  const database = await connect(path, driver, busyDeadlineMs, APPLICATION_ID);
  try {
    const version = await database.read(() => versionOf(database));
    if (version < VERSION)
      await database.write(() => {
        if (versionOf(database) === VERSION) return;
        database.driver.exec(
          `${SCHEMA}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`,
        );
      });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function versionOf(database: Database): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  const isEmpty = pragma(database, 'schema_version') === 0;
  if (version > VERSION || (application !== APPLICATION_ID && !(isEmpty && application === 0)))
    throw new MemoryError(
      'unavailable',
      `${database.path} is ${application === APPLICATION_ID ? 'of a newer release' : 'the file of another program'}.`,
      'Move it away, or update this program; it was left untouched.',
    );
  return version;
}
