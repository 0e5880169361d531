import { UPKEEP } from '../upkeep.ts';
import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

const DAY_MS = 86_400_000;

/** A memory that has risen rests for a while, so that one that is begun again raises none twice. */
export const promote: Job<undefined, { readonly examined: number; readonly promoted: number }> = {
  name: 'promote',
  description: 'Raises the priority of memories that are used often or by several.',
  everyMs: DAY_MS,
  read: noPayload,
  async run(_, { engine, id, signal, progress }) {
    const { examined, promoted } = await engine.upkeep.promotion.run(
      { dryRun: false, everybody: true },
      { ...UPKEEP, instance: id },
      signal,
      ({ examined, total, promoted }) =>
        progress({ done: Math.min(examined, total), total, message: `${promoted} promoted` }),
    );
    return { examined, promoted: promoted.length };
  },
};
