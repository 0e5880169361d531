import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** The central Redis of the LAN. */
export const redisSettings = {
  'redis.url': z
    .string()
    .default('')
    .describe(
      'The central Redis, such as redis://user:password@host:6379/0; rediss:// for TLS. Empty: redis.host.',
    )
    .register(settingMeta, { env: 'REDIS_URL', scope: 'none', secret: true }),
  'redis.host': z
    .string()
    .default('')
    .describe('Host of the central Redis. Empty: none, memories stay on this machine.')
    .register(settingMeta, { env: 'REDIS_HOST', scope: 'machine' }),
  'redis.port': z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(6379)
    .describe('Port of the central Redis.')
    .register(settingMeta, { env: 'REDIS_PORT', scope: 'machine' }),
  'redis.db': z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('Numbered database; a Cluster has 0 only.')
    .register(settingMeta, { env: 'REDIS_DB', scope: 'machine' }),
  'redis.username': z
    .string()
    .default('')
    .describe('User of the access control list. Empty: the default one.')
    .register(settingMeta, { env: 'REDIS_USERNAME', scope: 'machine' }),
  'redis.password': z
    .string()
    .default('')
    .describe('Password of the central Redis.')
    .register(settingMeta, { env: 'REDIS_PASSWORD', scope: 'none', secret: true }),
  'redis.tls': z
    .boolean()
    .default(false)
    .describe('Speak TLS; rediss:// says so too.')
    .register(settingMeta, { env: 'REDIS_TLS', scope: 'machine' }),
  'redis.caFile': z
    .string()
    .default('')
    .describe('Certificate (PEM) of the authority that signed the server’s. Empty: those of the system.')
    .register(settingMeta, { env: 'REDIS_CA_FILE', scope: 'machine' }),
  'redis.sentinels': z
    .string()
    .default('')
    .describe('`host:port` of the Sentinels, separated by commas.')
    .register(settingMeta, { env: 'REDIS_SENTINELS', scope: 'machine' }),
  'redis.sentinelName': z
    .string()
    .default('mymaster')
    .describe('What the Sentinels call the primary.')
    .register(settingMeta, { env: 'REDIS_SENTINEL_NAME', scope: 'machine' }),
  'redis.sentinelUsername': z
    .string()
    .default('')
    .describe('User of the Sentinels. Empty: the default one.')
    .register(settingMeta, { env: 'REDIS_SENTINEL_USERNAME', scope: 'machine' }),
  'redis.sentinelPassword': z
    .string()
    .default('')
    .describe('Password of the Sentinels, which have one of their own. Empty: none.')
    .register(settingMeta, { env: 'REDIS_SENTINEL_PASSWORD', scope: 'none', secret: true }),
  'redis.cluster': z
    .string()
    .default('')
    .describe('`host:port` of some nodes of a Cluster, separated by commas.')
    .register(settingMeta, { env: 'REDIS_CLUSTER', scope: 'machine' }),
  'redis.prefix': z
    .string()
    .max(100)
    .default('')
    .describe('Before every key, where others share the database.')
    .register(settingMeta, { env: 'REDIS_PREFIX', scope: 'machine' }),
  'redis.deadlineMs': z
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(2000)
    .describe('Milliseconds that a call waits for the central Redis.')
    .register(settingMeta, { env: 'REDIS_DEADLINE_MS', scope: 'machine' }),
};
