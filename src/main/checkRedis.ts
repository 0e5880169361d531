import type { Settings } from '../config/settings.ts';
import { MemoryError } from '../engine/errors.ts';
import { type Finding, fail, ok, warn } from '../surfaces/cli/doctor/finding.ts';
import { redisOptions } from './openStore.ts';

/** doctor's check of the central Redis, where one is configured: whether it can be used, and what would lose memories there. */
export async function* checkRedis(settings: Settings): AsyncGenerator<Finding> {
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
