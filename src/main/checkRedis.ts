import type { Settings } from '../config/settings.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Finding, fail, ok, warn } from '../surfaces/cli/doctor/finding.ts';
import { cacheRedisOptions } from './openCaches.ts';
import { redisOptions } from './openStore.ts';

/** doctor's check of the central Redis and of the caches' own, where they are configured: whether it can be used, and what is wrong there. */
export async function* checkRedis(settings: Settings): AsyncGenerator<Finding> {
  yield* checkCentral(settings);
  yield* checkCaches(settings);
}

/** Whether the central Redis drops memories when it is full; nothing where it cannot be asked, of which others tell. */
export async function* checkEviction(settings: Settings): AsyncGenerator<Finding> {
  const options = redisOptions(settings);
  if (!options) return;
  const { inspectRedis } = await import('../adapters/redis/inspectRedis.ts');
  try {
    const { problems } = await inspectRedis(options);
    for (const { drops, problem, fix } of problems) if (drops) yield warn('redis', problem, fix);
  } catch (error) {
    if (!MemoryError.is(error)) throw error;
  }
}

async function* checkCaches(settings: Settings): AsyncGenerator<Finding> {
  const options = cacheRedisOptions(settings);
  if (!options || settings['cache.redisUrl'] === '') return;
  const { inspectRedis } = await import('../adapters/redis/inspectRedis.ts');
  try {
    const { summary, problems } = await inspectRedis(options, 'caches');
    yield ok('cache', summary);
    for (const { problem, fix } of problems) yield warn('cache', problem, fix);
  } catch (error) {
    if (!MemoryError.is(error)) throw error;
    yield warn(
      'cache',
      error.message,
      'Correct CACHE_REDIS_URL, or start it; it is gone on without meanwhile.',
    );
  }
}

async function* checkCentral(settings: Settings): AsyncGenerator<Finding> {
  const options = redisOptions(settings);
  if (!options) return;
  const { inspectRedis } = await import('../adapters/redis/inspectRedis.ts');
  try {
    const { summary, problems } = await inspectRedis(options);
    yield ok('redis', summary);
    for (const { problem, fix } of problems) yield warn('redis', problem, fix);
  } catch (error) {
    if (!MemoryError.is(error)) throw error;
    yield fail('redis', error.message, error.fix);
  }
}
