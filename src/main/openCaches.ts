import { join } from 'node:path';
import { createPackedCodec } from '../adapters/encoding/packedCodec.ts';
import { identity } from '../adapters/node/identity.ts';
import type { RedisOptions } from '../adapters/redis/connectRedis.ts';
import { SqliteCacheStore } from '../adapters/sqlite/caches/sqliteCacheStore.ts';
import type { Settings } from '../config/settings.ts';
import { BoundedCache } from '../engine/caches/boundedCache.ts';
import { CACHE_DATABASES } from '../engine/caches/cacheNames.ts';
import { Caches } from '../engine/caches/caches.ts';
import { DividedCacheStore } from '../engine/caches/dividedCacheStore.ts';
import { noCacheStore } from '../engine/caches/noCacheStore.ts';
import { MemoryError } from '../engine/errors.ts';
import type { CacheStore } from '../engine/ports/cacheStore.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { AnswerCache, type KeptAnswer } from '../engine/search/answerCache.ts';
import { redisOptions } from './openStore.ts';

const MIB = 2 ** 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Of one value before it is compressed; more is not kept. */
const MAX_VALUE_BYTES = 4 * MIB;

export interface OpenCaches {
  /** Disposes of their store. */
  readonly caches: Caches;
  /** Of this process: for one index, and for the questions' vectors. */
  readonly answers: () => AnswerCache;
  readonly vectors: BoundedCache<Float32Array>;
}

/**
 * The caches that the settings describe; nothing is opened or connected yet. Throws `invalid_input` for numbered databases where there are none.
 * @param folder data directory, for the file
 */
export async function openCaches(settings: Settings, folder: string, logger: Logger): Promise<OpenCaches> {
  const kept = new BoundedCache<KeptAnswer>(boundOf(settings, 'cache.answerMb'));
  const vectors = new BoundedCache<Float32Array>(boundOf(settings, 'cache.vectorMb'));
  const responses = settings['cache.responseMinutes'] * MINUTE_MS;
  const caches = new Caches({
    store: await openCacheStore(settings, folder),
    codec: createPackedCodec(MAX_VALUE_BYTES),
    logger,
    newId: identity.newId,
    deadlineMs: settings['cache.deadlineMs'],
    ttls: {
      responses,
      context_bundles: responses,
      models: settings['cache.modelHours'] * HOUR_MS,
      conversations: settings['cache.conversationDays'] * 24 * HOUR_MS,
      sessions: settings['cache.sessionMinutes'] * MINUTE_MS,
    },
    inProcess: { responses: kept, embeddings: vectors },
  });
  let indexes = 0;
  return { caches, answers: () => new AnswerCache(kept, String(indexes++), responses), vectors };
}

/** The Redis of the caches; undefined where there is none. */
export function cacheRedisOptions(settings: Settings): RedisOptions | undefined {
  const url = settings['cache.redisUrl'];
  const numbered = settings['cache.databases'];
  if (url === '') {
    const central = redisOptions(settings);
    return central && { ...central, url: numbered ? withoutDatabase(central.url) : central.url };
  }
  return {
    ...{
      url: numbered ? withoutDatabase(url) : url,
      host: '',
      port: 6379,
      db: 0,
      username: '',
      password: '',
    },
    ...{ tls: false, caFile: settings['redis.caFile'] },
    ...{ sentinels: [], sentinelName: '', sentinelUsername: '', sentinelPassword: '', clusterNodes: [] },
    deadlineMs: settings['redis.deadlineMs'],
  };
}

async function openCacheStore(settings: Settings, folder: string): Promise<CacheStore> {
  if (!settings['cache.enabled']) return noCacheStore;
  const redis = cacheRedisOptions(settings);
  if (settings['cache.databases']) refuseDatabases(settings, redis);
  if (!redis)
    return new SqliteCacheStore({
      path: join(folder, 'cache.db'),
      now: Date.now,
      maxBytes: settings['cache.fileMb'] * MIB,
      busyDeadlineMs: settings['cache.deadlineMs'] / 2,
    });
  const { RedisConnection } = await import('../adapters/redis/redisConnection.ts');
  const { RedisCacheStore } = await import('../adapters/redis/caches/redisCacheStore.ts');
  const prefix = settings['redis.prefix'];
  const open = (db?: number) =>
    new RedisCacheStore(new RedisConnection({ ...redis, prefix, ...(db !== undefined && { db }) }));
  if (!settings['cache.databases']) return open();
  const { worker, retrieval, agents } = CACHE_DATABASES;
  return new DividedCacheStore({ worker: open(worker), retrieval: open(retrieval), agents: open(agents) });
}

/** Else it would win over the number. */
function withoutDatabase(url: string): string {
  return url.replace(/^(rediss?:\/\/[^/]*)\/\d+$/, '$1');
}

function refuseDatabases(settings: Settings, redis: RedisOptions | undefined): void {
  const refuse = (why: string) => {
    throw new MemoryError(
      'invalid_input',
      `cache.databases asks for numbered databases, but ${why}.`,
      'Leave CACHE_DATABASES unset: names keep the caches apart then.',
    );
  };
  if (!redis) refuse('there is no Redis in the settings');
  if ((redis?.clusterNodes.length ?? 0) > 0) refuse('a Redis Cluster has database 0 only');
  if (settings['search.place'] === 'server' && settings['cache.redisUrl'] === '')
    refuse('search.place is server, and RediSearch indexes database 0 only');
}

function boundOf(settings: Settings, name: 'cache.answerMb' | 'cache.vectorMb') {
  const maxBytes = settings['cache.enabled'] ? settings[name] * MIB : 0;
  return { maxBytes, eviction: settings['cache.eviction'] };
}
