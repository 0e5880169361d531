import type { Logger } from '../../../engine/ports/logger.ts';
import type { Records } from '../../../engine/ports/records.ts';
import type { Database } from '../database.ts';
import { SqliteEmbeddingRecords } from './sqliteEmbeddingRecords.ts';
import { SqliteEventBus } from './sqliteEventBus.ts';
import { SqliteLearningQueue } from './sqliteLearningQueue.ts';
import { SqliteModelRegistry } from './sqliteModelRegistry.ts';
import { SqliteNodeRegistry } from './sqliteNodeRegistry.ts';
import { SqliteSessionRecords } from './sqliteSessionRecords.ts';
import { SqliteTokenStore } from './sqliteTokenStore.ts';
import { SqliteToolResultCache } from './sqliteToolResultCache.ts';
import { SqliteWorkingMemoryRecords } from './sqliteWorkingMemoryRecords.ts';

/** The records in a migrated database, for the processes of one machine. The database stays its owner's; disposing ends the listeners. */
export function sqliteRecords(database: Database, now: () => number, logger: Logger): Records {
  const events = new SqliteEventBus(database, now, logger);
  return {
    sessions: new SqliteSessionRecords(database, now),
    workingMemory: new SqliteWorkingMemoryRecords(database, now),
    embeddings: new SqliteEmbeddingRecords(database, now),
    learning: new SqliteLearningQueue(database, now),
    toolResults: new SqliteToolResultCache(database, now),
    models: new SqliteModelRegistry(database, now),
    nodes: new SqliteNodeRegistry(database, now),
    events,
    tokens: new SqliteTokenStore(database),
    [Symbol.dispose]: () => events[Symbol.dispose](),
  };
}
