import { BullJobQueue } from '../adapters/bullmq/bullJobQueue.ts';
import { RedisConnection, type RedisConnectionOptions } from '../adapters/redis/redisConnection.ts';
import type { JobQueue } from '../engine/ports/jobQueue.ts';

/** `dist/bullQueue.js`: the jobs of a LAN, with a connection of their own, which is made at the first call. */
export function openBullQueue(options: RedisConnectionOptions): JobQueue {
  return new BullJobQueue(new RedisConnection(options));
}
