import type { RedisConnectionOptions } from '../adapters/redis/redisConnection.ts';
import type { Logger } from '../engine/ports/logger.ts';

/** A Redis that drops keys when it is full drops jobs, or who has them. Rejects with `unavailable` when it does not answer. */
export async function warnOfEviction(options: RedisConnectionOptions, logger: Logger): Promise<void> {
  const { RedisConnection } = await import('../adapters/redis/redisConnection.ts');
  await using redis = new RedisConnection(options);
  const info = await redis.ask(client => client.info('memory'));
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  logger.warn('the central Redis drops keys when it is full, and with them jobs', {
    policy,
    fix: 'redis-cli CONFIG SET maxmemory-policy noeviction',
  });
}
