import { existsSync } from 'node:fs';
import { countOpenWork } from '../adapters/sqlite/countOpenWork.ts';
import { type Finding, warn } from '../surfaces/cli/doctor/finding.ts';
import { counted } from '../tools/counted.ts';
import { databasePath } from './createEngine.ts';
import type { Installed } from './installed.ts';
import { redisOptions } from './openStore.ts';

/** Where there is a central Redis: what agents left open before, which no migration takes along, since its leases and times are of that store. */
export async function* checkWorkLeftBehind({ settings, dataDirectory }: Installed): AsyncGenerator<Finding> {
  if (!redisOptions(settings)) return;
  const path = databasePath(settings['database.url'], dataDirectory);
  if (!existsSync(path)) return;
  const { tasks, contexts } = await countOpenWork(path, Date.now());
  if (tasks + contexts === 0) return;
  yield warn(
    'before',
    `${counted(tasks, 'open task')} and ${counted(contexts, 'shared context')} of before stay in ${path}: a migration takes memories only`,
    'Submit and share anew what still counts; the old ones are shown while no central Redis is set.',
  );
}
