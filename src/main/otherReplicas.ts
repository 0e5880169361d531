import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { openEmbeddedStore } from '../adapters/sqlite/openEmbeddedStore.ts';
import { waitingIn } from '../adapters/sqlite/replica/waitingIn.ts';
import { Synchroniser } from '../engine/central/synchroniser.ts';
import type { CentralLog } from '../engine/ports/centralLog.ts';
import type { Logger } from '../engine/ports/logger.ts';

/** It only catches up. */
const NO_CALL_WAITS = 0;

/** Replicas in the folder in which changes wait, but for the one that is in use. */
export async function* otherReplicas(
  folder: string,
  used: string | undefined,
): AsyncGenerator<{ readonly path: string; readonly waiting: number }> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter(one => /^replica-\w+\.db$/.test(one) && one !== used)) {
    const path = join(folder, name);
    const waiting = await waitingIn(path);
    if (waiting > 0) yield { path, waiting };
  }
}

export interface LeftBehindOptions {
  readonly folder: string;
  /** File of the replica that is in use. */
  readonly used: string;
  readonly log: CentralLog;
  readonly open: (path: string) => ReturnType<typeof openEmbeddedStore>;
  readonly logger: Logger;
}

/**
 * Brings what waits in other replicas of the same central memory, which was reached under another address then, such as a name in the
 * place of a number. What cannot be brought now waits on. Never rejects.
 */
export async function bringLeftBehind({ folder, used, log, open, logger }: LeftBehindOptions): Promise<void> {
  try {
    for await (const { path, waiting } of otherReplicas(folder, used)) {
      await using other = await open(path);
      if ((await other.replica.logId()) !== (await log.id())) continue;
      await new Synchroniser(log, other.replica, logger, NO_CALL_WAITS).catchUp();
      logger.info('brought what waited under another address', { waiting });
    }
  } catch (error) {
    logger.info('what waits under another address waits on', { reason: (error as Error).message });
  }
}
