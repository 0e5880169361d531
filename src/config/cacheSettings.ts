import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

const ttl = (value: number, about: string, env: string) =>
  z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(value)
    .describe(about)
    .register(settingMeta, { env, scope: 'machine' });

const port = (value: number, service: string, env: string) =>
  z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(value)
    .describe(`Port of the cache endpoints of the ${service} service. 0: any free one.`)
    .register(settingMeta, { env, scope: 'none' });

/** What is kept to be had faster the next time. */
export const cacheSettings = {
  'cache.enabled': z
    .boolean()
    .default(true)
    .describe('Keep answers and other results for a while. Off: everything is computed each time.')
    .register(settingMeta, { env: 'CACHE_ENABLED', scope: 'machine' }),
  'cache.redisUrl': z
    .string()
    .default('')
    .describe(
      'Redis of the shared caches, such as redis://host:6379/0; it may drop what it likes (`allkeys-lru`). Empty: the central one, else a file in the data directory.',
    )
    .register(settingMeta, { env: 'CACHE_REDIS_URL', scope: 'none', secret: true }),
  'cache.databases': z
    .boolean()
    .default(false)
    .describe(
      'Numbered databases of Redis for the shared caches: 0 worker, 1 retrieval, 2 agents. Off: names keep them apart. Not on a Cluster, nor with search.place server.',
    )
    .register(settingMeta, { env: 'CACHE_DATABASES', scope: 'machine' }),
  'cache.deadlineMs': z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(200)
    .describe('Milliseconds that a caller waits for the shared cache; then it goes on without.')
    .register(settingMeta, { env: 'CACHE_DEADLINE_MS', scope: 'machine' }),
  'cache.answerMb': z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(8)
    .describe('MiB for the answers to searches that a process keeps. 0: none.')
    .register(settingMeta, { env: 'CACHE_ANSWER_MB', scope: 'machine' }),
  'cache.vectorMb': z
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(2)
    .describe(
      'MiB for the vectors of questions that a process keeps: some 1,000 with the shipped model. 0: none.',
    )
    .register(settingMeta, { env: 'CACHE_VECTOR_MB', scope: 'machine' }),
  'cache.eviction': z
    .enum(['lru', 'lfu', 'ttl'])
    .default('lru')
    .describe(
      'What a process drops first when these are full: the least recently used (`lru`), the least often used (`lfu`), or the next to expire (`ttl`). A Redis has a `maxmemory-policy` of its own.',
    )
    .register(settingMeta, { env: 'CACHE_EVICTION', scope: 'machine' }),
  'cache.fileMb': z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe('MiB for the values of the shared caches in a file, where there is no Redis.')
    .register(settingMeta, { env: 'CACHE_FILE_MB', scope: 'machine' }),
  'cache.responseMinutes': ttl(
    60,
    'Minutes that answers and context bundles are kept.',
    'CACHE_RESPONSE_MINUTES',
  ),
  'cache.sessionMinutes': ttl(
    30,
    'Minutes that a session is kept after its last use.',
    'CACHE_SESSION_MINUTES',
  ),
  'cache.modelHours': ttl(24, 'Hours that what is known of a model is kept.', 'CACHE_MODEL_HOURS'),
  'cache.conversationDays': ttl(
    30,
    'Days that a conversation is kept after its last message.',
    'CACHE_CONVERSATION_DAYS',
  ),
  'cache.endpoints': z
    .boolean()
    .default(false)
    .describe(
      'With `memory-central serve`: the cache endpoints of the retrieval and the worker service, on ports of their own.',
    )
    .register(settingMeta, { env: 'CACHE_ENDPOINTS', scope: 'none' }),
  'cache.retrievalPort': port(8001, 'retrieval', 'CACHE_RETRIEVAL_PORT'),
  'cache.workerPort': port(8002, 'worker', 'CACHE_WORKER_PORT'),
};
