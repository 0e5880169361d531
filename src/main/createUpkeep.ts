import { join } from 'node:path';
import { createBackupFiles } from '../adapters/files/backupFiles.ts';
import { createVectorIndexFactory } from '../adapters/vector/wasmVectorIndex.ts';
import type { Settings } from '../config/settings.ts';
import { Backups } from '../engine/backups.ts';
import { Compaction } from '../engine/compaction/compaction.ts';
import { Merges } from '../engine/compaction/merges.ts';
import { Learning } from '../engine/learning/learning.ts';
import type { Memories } from '../engine/memories/memories.ts';
import { DEFAULT_RETENTION, type Retention } from '../engine/memories/retention.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Embedder } from '../engine/ports/embedder.ts';
import type { Identity } from '../engine/ports/identity.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { Store } from '../engine/ports/store.ts';
import { Promotion } from '../engine/promotion/promotion.ts';
import type { Upkeep } from '../engine/upkeep.ts';
import { builtFile } from './assets.ts';

/** What keeps the memory in good order, as the settings want it. */
export function createUpkeep({
  settings,
  folder,
  embedder,
  memories,
  ...parts
}: {
  readonly settings: Settings;
  /** The data directory. */
  readonly folder: string;
  readonly store: Store;
  readonly memories: Memories;
  readonly embedder: Embedder | undefined;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly logger: Logger;
}): Upkeep {
  const { contexts } = parts.store.work;
  return {
    compaction: new Compaction({
      ...{ ...parts, contexts, model: embedder?.model.id },
      vectors: createVectorIndexFactory({ directory: builtFile('') }),
      threshold: settings['compaction.threshold'],
      unreviewed: settings['compaction.unreviewed'],
    }),
    merges: new Merges(parts),
    backups: new Backups({
      ...parts,
      folder: createBackupFiles(settings['backup.folder'] || join(folder, 'backups')),
      keep: settings['backup.keep'],
    }),
    promotion: new Promotion({
      ...{ ...parts, retention: retentionOf(settings) },
      rules: {
        uses: settings['promotion.uses'],
        users: settings['promotion.users'],
        recentDays: settings['promotion.recentDays'],
        restDays: settings['promotion.restDays'],
      },
    }),
    learning: new Learning({
      ...{ memories, logger: parts.logger, operations: parts.store.operations },
      queue: parts.store.records.learning,
      group: settings['learning.group'],
      namespace: settings['learning.namespace'],
    }),
  };
}

/** How long memories are kept, as the settings want it. */
export function retentionOf(settings: Settings): Retention {
  return {
    ...DEFAULT_RETENTION,
    high: settings['retention.highDays'],
    medium: settings['retention.mediumDays'],
    low: settings['retention.lowDays'],
  };
}
