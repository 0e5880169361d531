import { UPKEEP } from '../upkeep.ts';
import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

/** An entry becomes a memory once, by its id, so that one that was taken before is known. */
export const learn: Job<
  undefined,
  { readonly learnt: number; readonly repeated: number; readonly set_apart: number }
> = {
  name: 'learn',
  description: 'Makes memories of the learning queue.',
  everyMs: 60_000,
  read: noPayload,
  async run(_, { engine, id, signal, progress }) {
    const { learnt, repeated, setApart } = await engine.upkeep.learning.run(
      { consumer: 'worker' },
      { ...UPKEEP, instance: id },
      signal,
      done => progress({ done }),
    );
    return { learnt, repeated, set_apart: setApart.length };
  },
};
