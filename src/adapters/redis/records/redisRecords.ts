import type { Logger } from '../../../engine/ports/logger.ts';
import type { Records } from '../../../engine/ports/records.ts';
import type { RedisClient } from '../connectRedis.ts';
import { RecordSpace } from './recordSpace.ts';
import { RedisEmbeddingRecords } from './redisEmbeddingRecords.ts';
import { RedisEventBus } from './redisEventBus.ts';
import { RedisLearningQueue } from './redisLearningQueue.ts';
import { RedisModelRegistry } from './redisModelRegistry.ts';
import { RedisNodeRegistry } from './redisNodeRegistry.ts';
import { RedisSessionRecords } from './redisSessionRecords.ts';
import { RedisToolResultCache } from './redisToolResultCache.ts';

export interface RedisRecordsOptions {
  readonly client: RedisClient;
  /** Where it is, without secrets. */
  readonly address: string;
  /** Before every key and channel. Empty: the keys are those of docs/redis-schema.md. A Cluster needs one with a hash tag, such as `{mc}:`. */
  readonly prefix: string;
  /** Another connection to the same place, not connected yet, for one listener; its deadline is at least BLOCK_MS longer. */
  readonly newConnection: () => RedisClient;
  readonly logger: Logger;
}

/** The records as docs/redis-schema.md has them. The client stays its owner's; disposing ends the listeners. */
export function redisRecords(options: RedisRecordsOptions): Records {
  const { client, address, prefix, newConnection, logger } = options;
  const space = new RecordSpace(client, prefix, address);
  const events = new RedisEventBus(space, newConnection, logger);
  return {
    sessions: new RedisSessionRecords(space),
    embeddings: new RedisEmbeddingRecords(space),
    learning: new RedisLearningQueue(space),
    toolResults: new RedisToolResultCache(space),
    models: new RedisModelRegistry(space),
    nodes: new RedisNodeRegistry(space),
    events,
    [Symbol.dispose]: () => events[Symbol.dispose](),
  };
}
