import { join } from 'node:path';
import { identity } from '../adapters/node/identity.ts';
import type { RedisOptions } from '../adapters/redis/connectRedis.ts';
import { type EmbeddedStoreOptions, openEmbeddedStore } from '../adapters/sqlite/openEmbeddedStore.ts';
import type { Settings } from '../config/settings.ts';
import { CentralStore } from '../engine/central/centralStore.ts';
import type { Store } from '../engine/ports/store.ts';

/**
 * The store of this machine; where a central Redis is configured, that one, with a replica in the data directory. It opens while Redis is
 * out of reach, too.
 * @param path of the store without a central Redis
 */
export async function openStore(
  settings: Settings,
  folder: string,
  path: string,
  options: Omit<EmbeddedStoreOptions, 'path'>,
): Promise<Store> {
  const redis = redisOptions(settings);
  if (!redis) return openEmbeddedStore({ ...options, path });
  // Most have no Redis, and start without its client.
  const { openRedisCentralLog } = await import('../adapters/redis/redisCentralLog.ts');
  const prefix = settings['redis.prefix'];
  const { logger } = options;
  const log = openRedisCentralLog({ ...redis, prefix, newId: identity.newId, logger });
  // One replica a central memory: another address is another memory.
  const name = `replica-${identity.sha256(`${log.address} ${prefix}`).slice(0, 12)}.db`;
  try {
    const local = await openEmbeddedStore({ ...options, path: join(folder, name) });
    return new CentralStore({ local, log, logger, sharedKey: settings['encryption.key'] !== '' });
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
}

/** undefined where no Redis is configured. */
export function redisOptions(settings: Settings): RedisOptions | undefined {
  const list = (text: string) => text.split(',').flatMap(one => one.trim() || []);
  const sentinels = list(settings['redis.sentinels']);
  const clusterNodes = list(settings['redis.cluster']);
  const { 'redis.url': url, 'redis.host': host } = settings;
  if (url === '' && host === '' && sentinels.length === 0 && clusterNodes.length === 0) return undefined;
  return {
    url,
    host,
    port: settings['redis.port'],
    db: settings['redis.db'],
    username: settings['redis.username'],
    password: settings['redis.password'],
    tls: settings['redis.tls'],
    caFile: settings['redis.caFile'],
    sentinels,
    sentinelName: settings['redis.sentinelName'],
    clusterNodes,
    deadlineMs: settings['redis.deadlineMs'],
  };
}
