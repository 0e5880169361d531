import { existsSync } from 'node:fs';
import { countOpenWork } from '../adapters/sqlite/countOpenWork.ts';
import { type Finding, warn } from '../surfaces/cli/doctor/finding.ts';
import { leftFix, leftText } from '../surfaces/cli/leftBehind.ts';
import { databasePath } from './createEngine.ts';
import type { Installed } from './installed.ts';
import { redisOptions } from './openStore.ts';

/** Where there is a central Redis: what agents left open before, which no migration takes along, since its leases and times are of that store. */
export async function* checkWorkLeftBehind({ settings, dataDirectory }: Installed): AsyncGenerator<Finding> {
  if (!redisOptions(settings)) return;
  const path = databasePath(settings['database.url'], dataDirectory);
  if (!existsSync(path)) return;
  const left = await countOpenWork(path, Date.now());
  const many = leftText(left);
  if (many === undefined) return;
  yield warn(
    'before',
    `${many} of before stay in ${path}: a migration takes memories only`,
    `They count while no central Redis is set; for it ${leftFix(left)}.`,
  );
}
