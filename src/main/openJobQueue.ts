import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { SqliteJobQueue } from '../adapters/sqlite/jobs/sqliteJobQueue.ts';
import type { Settings } from '../config/settings.ts';
import type { JobQueue } from '../engine/ports/jobQueue.ts';
import { builtFile } from './assets.ts';
import { redisOptions } from './openStore.ts';

/**
 * The jobs that the settings describe: of the LAN in its central Redis, else of the store in a file beside it. Nothing is opened or
 * connected before the first call.
 * @param path of the store without a central Redis
 */
export function openJobQueue(settings: Settings, path: string): JobQueue {
  const redis = redisOptions(settings);
  if (!redis) return new SqliteJobQueue({ path: jobFile(path), now: Date.now });
  // BullMQ is in a file of its own: hardly a command asks for jobs.
  const load = createRequire(builtFile('cli.js')) as (id: string) => typeof import('./bullQueue.ts');
  const { openBullQueue } = load(builtFile('bullQueue.js'));
  return openBullQueue({ ...redis, prefix: settings['redis.prefix'] });
}

/** Such as `memory-jobs.db` for `memory.db`. */
function jobFile(path: string): string {
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}-jobs${extension || '.db'}`);
}
