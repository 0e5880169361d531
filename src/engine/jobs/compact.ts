import { UPKEEP } from '../upkeep.ts';
import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

const DAY_MS = 86_400_000;

/** A group is merged whole, once, or not at all: one that is begun again finds those that are merged as they are. */
export const compact: Job<undefined, { readonly examined: number; readonly merged: number }> = {
  name: 'compact',
  description: 'Merges memories that say the same; each merge can be taken apart again.',
  everyMs: DAY_MS,
  read: noPayload,
  async run(_, { engine, id, signal, progress }) {
    const { embedding } = await engine.status();
    if (embedding.model === null) return { examined: 0, merged: 0 };
    const { examined, groups } = await engine.upkeep.compaction.run(
      { dryRun: false, everybody: true },
      { ...UPKEEP, instance: id },
      signal,
      ({ examined, total, merged }) =>
        progress({ done: Math.min(examined, total), total, message: `${merged} merged` }),
    );
    return { examined, merged: groups.length };
  },
};
