import { identity } from '../adapters/node/identity.ts';
import { createSnowballStemmer } from '../adapters/text/snowball.ts';
import { createVectorIndexFactory } from '../adapters/vector/wasmVectorIndex.ts';
import type { Settings } from '../config/settings.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { IndexModel, MemoryIndex } from '../engine/ports/memoryIndex.ts';
import type { SnapshotStore } from '../engine/ports/snapshotStore.ts';
import type { Store } from '../engine/ports/store.ts';
import { Analyzer } from '../engine/search/analyze.ts';
import type { AnswerCache } from '../engine/search/answerCache.ts';
import { FreshIndex } from '../engine/search/freshIndex.ts';
import { openPlacedIndex } from '../engine/search/server/placedIndex.ts';
import { builtFile } from './assets.ts';

const MIB = 2 ** 20;

export interface IndexOptions {
  readonly settings: Pick<Settings, 'search.place' | 'search.memoryMb'>;
  readonly store: Store;
  readonly storeId: string;
  readonly snapshots: SnapshotStore;
  readonly logger: Logger;
  /** Serves now; null: words only. */
  readonly model: IndexModel | null;
  /** Serves once it has its vectors. */
  readonly upcoming?: IndexModel | null;
  /** Remembers what one index answered. Default: nothing is remembered. */
  readonly answers?: () => AnswerCache;
}

/** The search index that recall asks: of this process, and where there is a central Redis that can search, there when it is too large or the settings say so. */
export function createIndex(options: IndexOptions): MemoryIndex {
  const { answers, logger, model, settings, snapshots, store, storeId, upcoming = model } = options;
  const parts = {
    source: store.index,
    snapshots,
    vectors: createVectorIndexFactory({ directory: builtFile('') }),
    analyzer: new Analyzer(createSnowballStemmer()),
    logger,
    storeId,
    ...(answers && { answers }),
  };
  const { 'search.place': asked, 'search.memoryMb': memoryMb } = settings;
  if (store.search)
    return openPlacedIndex({
      ...parts,
      ...{ asked, memoryBytes: memoryMb * MIB, store, search: store.search, model, upcoming },
      token: identity.newId(),
    });
  if (asked === 'server')
    throw new MemoryError(
      'invalid_input',
      'search.place is server, but there is no central Redis in the settings.',
      'Set REDIS_URL, or search.place to auto.',
    );
  return new FreshIndex(parts, model);
}
