import type { Work } from '../../../engine/ports/work.ts';
import { RecordSpace } from '../records/recordSpace.ts';
import type { RedisConnection } from '../redisConnection.ts';
import { RedisAgentStore } from './redisAgentStore.ts';
import { RedisContextStore } from './redisContextStore.ts';
import { RedisFileClaimStore } from './redisFileClaimStore.ts';
import { RedisTaskStore } from './redisTaskStore.ts';

/** How the agents of all machines work together, as docs/redis-schema.md has it. The connection stays its owner's. */
export function redisWork(connection: RedisConnection): Work {
  const space = new RecordSpace(connection);
  return {
    tasks: new RedisTaskStore(space),
    agents: new RedisAgentStore(space),
    files: new RedisFileClaimStore(space),
    contexts: new RedisContextStore(space),
  };
}
