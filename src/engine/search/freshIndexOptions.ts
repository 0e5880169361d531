import type { IndexSource } from '../ports/indexSource.ts';
import type { Logger } from '../ports/logger.ts';
import type { SnapshotStore } from '../ports/snapshotStore.ts';
import type { VectorIndexFactory } from '../ports/vectorIndex.ts';
import type { Analyzer } from './analyze.ts';
import type { AnswerCache } from './answerCache.ts';

export interface FreshIndexOptions {
  readonly source: IndexSource;
  readonly snapshots: SnapshotStore;
  readonly vectors: VectorIndexFactory;
  readonly analyzer: Analyzer;
  readonly logger: Logger;
  readonly storeId: string;
  /** Holds only so many memories, those that changed last, and the sensitive ones; up to twice as many until it is loaded anew. Default: all. */
  readonly newest?: number;
  /** Remembers what one index answered. Default: nothing is remembered. */
  readonly answers?: () => AnswerCache;
}
