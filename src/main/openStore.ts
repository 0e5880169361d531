import { join } from 'node:path';
import { identity } from '../adapters/node/identity.ts';
import type { RedisOptions } from '../adapters/redis/connectRedis.ts';
import { type EmbeddedStoreOptions, openEmbeddedStore } from '../adapters/sqlite/openEmbeddedStore.ts';
import type { Settings } from '../config/settings.ts';
import { CentralStore } from '../engine/central/centralStore.ts';
import type { Store } from '../engine/ports/store.ts';
import { bringLeftBehind } from './otherReplicas.ts';

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
  const { RedisConnection } = await import('../adapters/redis/redisConnection.ts');
  const { openRedisCentralLog } = await import('../adapters/redis/redisCentralLog.ts');
  const { RedisServerSearch } = await import('../adapters/redis/search/redisServerSearch.ts');
  const { redisRecords } = await import('../adapters/redis/records/redisRecords.ts');
  const { redisWork } = await import('../adapters/redis/work/redisWork.ts');
  const { logger } = options;
  const prefix = settings['redis.prefix'];
  const connection = new RedisConnection({ ...redis, prefix });
  const name = replicaName(connection.address, prefix);
  try {
    const open = (path: string) => openEmbeddedStore({ ...options, path });
    const local = await open(join(folder, name));
    const log = openRedisCentralLog({ connection, newId: identity.newId, logger });
    const records = redisRecords(connection, logger);
    const work = redisWork(connection);
    const sharedKey = settings['encryption.key'] !== '';
    const search = new RedisServerSearch(connection);
    const aside = bringLeftBehind({ folder, used: name, log, open, logger });
    const patienceMs = redis.deadlineMs;
    return new CentralStore({
      local,
      log,
      records,
      work,
      search,
      connection,
      logger,
      sharedKey,
      patienceMs,
      aside,
    });
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

/** One replica an address, which tells what it is before it was ever reached. */
export function replicaName(address: string, prefix: string): string {
  return `replica-${identity.sha256(`${address} ${prefix}`).slice(0, 12)}.db`;
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
    sentinelUsername: settings['redis.sentinelUsername'],
    sentinelPassword: settings['redis.sentinelPassword'],
    clusterNodes,
    deadlineMs: settings['redis.deadlineMs'],
  };
}
