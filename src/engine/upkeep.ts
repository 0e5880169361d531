import type { Backups } from './backups.ts';
import type { Compaction } from './compaction/compaction.ts';
import type { Merges } from './compaction/merges.ts';
import type { Learning } from './learning/learning.ts';
import type { Promotion } from './promotion/promotion.ts';

/** What keeps the memory in good order: jobs of the worker, and of whoever asks for them. */
export interface Upkeep {
  readonly compaction: Compaction;
  readonly merges: Merges;
  readonly backups: Backups;
  readonly learning: Learning;
  readonly promotion: Promotion;
}

/** Who keeps the memory in order where nobody asked for it. */
export const UPKEEP = { principal: { id: 'upkeep', client: 'upkeep' }, namespace: 'global' } as const;
