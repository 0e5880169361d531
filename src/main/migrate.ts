import { existsSync } from 'node:fs';
import { identity } from '../adapters/node/identity.ts';
import { createLogger } from '../adapters/node/logger.ts';
import { countOpenWork } from '../adapters/sqlite/countOpenWork.ts';
import type { Settings } from '../config/settings.ts';
import { MemoryError } from '../engine/errors.ts';
import { migrateMemories } from '../engine/migration/migrateMemories.ts';
import type { Store } from '../engine/ports/store.ts';
import type { CliRuntime, Migrated, Migration } from '../surfaces/cli/cliHost.ts';
import { NOTHING_LEFT } from '../surfaces/cli/leftBehind.ts';
import { databasePath } from './createEngine.ts';
import { openConfiguredStore } from './openConfiguredStore.ts';
import { redisOptions } from './openStore.ts';

/** See `CliHost.migrate`. */
export async function migrate(
  { settings, dataDirectory }: CliRuntime,
  { from, signal, onProgress }: Migration,
): Promise<Migrated> {
  if (!redisOptions(settings))
    throw new MemoryError('invalid_input', 'There is no central Redis in the settings.', 'Set REDIS_URL.');
  const logger = createLogger(settings['log.level']);
  const path = databasePath(settings['database.url'], dataDirectory);
  if (from === 'embedded' && !existsSync(path))
    throw new MemoryError('not_found', `There is no memory at ${path}.`, 'Name it with --database.');
  const open = (of: Settings) => openConfiguredStore(of, dataDirectory, path, logger);
  await using redis = (await open(settings)).store;
  await demandReach(redis);
  await using embedded = (await open(withoutRedis(settings))).store;
  const [source, target] = from === 'embedded' ? [embedded, redis] : [redis, embedded];
  await demandKey(source);
  const { sha256 } = identity;
  const report = await migrateMemories({ from: source, to: target, sha256, signal, onProgress });
  await demandReach(redis);
  // Nobody counts what the central Redis has open: others work there.
  const left = from === 'embedded' ? await countOpenWork(path, Date.now()) : NOTHING_LEFT;
  return { ...report, left };
}

function withoutRedis(settings: Settings): Settings {
  const none = { 'redis.url': '', 'redis.host': '', 'redis.sentinels': '', 'redis.cluster': '' };
  return { ...settings, ...none };
}

/** What is written while Redis is away only waits on this machine, and what is read may be old. */
async function demandReach(redis: Store): Promise<void> {
  await redis.operations.head();
  const { location, problem, waiting } = (await redis.central?.()) ?? { location: '', waiting: 0 };
  if (problem === undefined && waiting === 0) return;
  throw new MemoryError(
    'unavailable',
    `${location} is out of reach${problem === undefined ? '' : ` (${problem})`}; ${waiting} changes wait for it on this machine.`,
    'Migrate again when `memory-central status` says that it is back.',
  );
}

async function demandKey(source: Store): Promise<void> {
  const { locked } = await source.report();
  if (locked === undefined) return;
  throw new MemoryError(
    'unavailable',
    `They would be left behind: ${locked}`,
    'Give the key with which they were stored; the file encryption-key holds what MEMORY_ENCRYPTION_KEY takes.',
  );
}
