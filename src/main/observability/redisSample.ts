import type { RedisConnection } from '../../adapters/redis/redisConnection.ts';
import type { MemoryError } from '../../engine/errors.ts';
import { one } from './engineSamples.ts';
import type { Sample } from './sampler.ts';

/**
 * How the central Redis is, over a connection of its own, so that a question does not wait behind others. Of a Cluster it is one of its
 * nodes. A user of Redis that may not ask has `redis_up` all the same.
 */
export function redisSample(connection: RedisConnection): Sample {
  return {
    name: 'redis',
    metrics: ['redisUp', 'redisPing', 'redisUsed', 'redisMax', 'redisClients'],
    async read() {
      const began = performance.now();
      try {
        await connection.ask(client => client.ping());
      } catch (error) {
        if (!isAway(error)) throw error;
        return { redisUp: one(0) };
      }
      const seconds = (performance.now() - began) / 1000;
      const info = await connection.ask(client => client.info()).catch(() => '');
      const field = (name: string) => {
        const text = new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info)?.[1];
        return text === undefined ? [] : one(Number(text));
      };
      return {
        redisUp: one(1),
        redisPing: one(seconds),
        redisUsed: field('used_memory'),
        redisMax: field('maxmemory'),
        redisClients: field('connected_clients'),
      };
    },
  };
}

/** Out of reach, or it lets nobody in: memories are not reached either way. By its name: what is loaded late may have a class of its own. */
function isAway(error: unknown): boolean {
  return (error as Partial<MemoryError>).name === 'MemoryError';
}
