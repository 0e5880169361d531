import { join } from 'node:path';
import { createSealer } from '../adapters/encryption/createSealer.ts';
import { createSnapshotFiles } from '../adapters/files/snapshotFiles.ts';
import { identity } from '../adapters/node/identity.ts';
import type { Settings } from '../config/settings.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { SnapshotStore } from '../engine/ports/snapshotStore.ts';
import type { Store } from '../engine/ports/store.ts';
import { openStore } from './openStore.ts';

/**
 * The store that the settings describe, with the key of this machine, and the index snapshots that belong to it.
 * @param path of the store without a central Redis
 */
export async function openConfiguredStore(
  settings: Settings,
  folder: string,
  path: string,
  logger: Logger,
): Promise<{ readonly store: Store; readonly snapshots: SnapshotStore }> {
  const clock = { now: () => Date.now() };
  const sealer = createSealer(settings['encryption.key'], join(folder, 'encryption-key'));
  const snapshots = createSnapshotFiles(join(folder, 'snapshots'), sealer, logger);
  const conceal = async () => void (await snapshots.removeOpen());
  const reviewedOnly = settings['review.gate'] === 'hold';
  const parts = { clock, identity, sealer, logger, conceal, reviewedOnly };
  const store = await openStore(settings, folder, path, parts);
  return { store, snapshots };
}
