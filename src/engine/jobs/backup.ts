import type { Job } from './job.ts';
import { noPayload } from './noPayload.ts';

/** A copy has the job's id in its name, so that a job that is begun again finds the copy that it made. */
export const backup: Job<
  undefined,
  { readonly file: string; readonly bytes: number; readonly removed: number }
> = {
  name: 'backup',
  description: 'Copies the store of this machine into the folder of backups, and removes the oldest copies.',
  everyMs: 86_400_000,
  ofOneMachine: true,
  read: noPayload,
  async run(_, { engine, id }) {
    return engine.upkeep.backups.make(id);
  },
};
