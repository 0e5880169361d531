import type { Logger } from '../../../engine/ports/logger.ts';
import type { Records } from '../../../engine/ports/records.ts';
import { BLOCK_MS } from '../readStream.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { RecordSpace } from './recordSpace.ts';
import { RedisEmbeddingRecords } from './redisEmbeddingRecords.ts';
import { RedisEventBus } from './redisEventBus.ts';
import { RedisLearningQueue } from './redisLearningQueue.ts';
import { RedisModelRegistry } from './redisModelRegistry.ts';
import { RedisNodeRegistry } from './redisNodeRegistry.ts';
import { RedisSessionRecords } from './redisSessionRecords.ts';
import { RedisTokenStore } from './redisTokenStore.ts';
import { RedisToolResultCache } from './redisToolResultCache.ts';
import { RedisWorkingMemoryRecords } from './redisWorkingMemoryRecords.ts';

/** The records as docs/redis-schema.md has them. The connection stays its owner's; disposing ends the listeners. */
export function redisRecords(connection: RedisConnection, logger: Logger): Records {
  const space = new RecordSpace(connection);
  const events = new RedisEventBus(space, () => connection.newClient(BLOCK_MS), logger);
  return {
    sessions: new RedisSessionRecords(space),
    workingMemory: new RedisWorkingMemoryRecords(space),
    embeddings: new RedisEmbeddingRecords(space),
    learning: new RedisLearningQueue(space),
    toolResults: new RedisToolResultCache(space),
    models: new RedisModelRegistry(space),
    nodes: new RedisNodeRegistry(space),
    events,
    tokens: new RedisTokenStore(space),
    [Symbol.dispose]: () => events[Symbol.dispose](),
  };
}
