import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { countMissing } from '../adapters/sqlite/countMissing.ts';
import { type Finding, warn } from '../surfaces/cli/doctor/finding.ts';
import { usedReplica } from './checkReplicas.ts';
import { databasePath } from './createEngine.ts';
import type { Installed } from './installed.ts';
import { redisOptions } from './openStore.ts';

/** Where there is a central Redis: the memories that were stored before, which no program shows any more. */
export async function* checkLeftBehind({ settings, dataDirectory }: Installed): AsyncGenerator<Finding> {
  if (!redisOptions(settings)) return;
  const path = databasePath(settings['database.url'], dataDirectory);
  if (!existsSync(path)) return;
  const name = await usedReplica(settings);
  const replica = name === undefined ? undefined : join(dataDirectory, name);
  const known = replica !== undefined && existsSync(replica) ? replica : undefined;
  const count = await countMissing(path, known, Date.now());
  if (count === 0) return;
  yield warn(
    'before',
    `${count} ${count === 1 ? 'memory' : 'memories'} of before ${count === 1 ? 'is' : 'are'} in ${path}, and not in the central Redis`,
    'memory-central migrate --from embedded --to redis',
  );
}
