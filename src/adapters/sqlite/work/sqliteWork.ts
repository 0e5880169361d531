import type { Work } from '../../../engine/ports/work.ts';
import type { Database } from '../database.ts';
import { SqliteAgentStore } from './sqliteAgentStore.ts';
import { SqliteContextStore } from './sqliteContextStore.ts';
import { SqliteFileClaimStore } from './sqliteFileClaimStore.ts';
import { SqliteTaskStore } from './sqliteTaskStore.ts';

/** How the agents of one machine work together, in a migrated database, which stays its owner's. */
export function sqliteWork(database: Database, now: () => number): Work {
  return {
    tasks: new SqliteTaskStore(database, now),
    agents: new SqliteAgentStore(database, now),
    files: new SqliteFileClaimStore(database, now),
    contexts: new SqliteContextStore(database, now),
  };
}
