import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import { jobIds } from './jobView.ts';

export const purgeJobs = defineTool({
  name: 'purge_jobs',
  title: 'Purge jobs',
  description:
    'Removes jobs for good: by default dead ones. Those under way, and the next of a schedule, stay. Without confirm: true nothing is removed.',
  effect: 'destroys',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    state: z.enum(['dead', 'completed', 'waiting', 'delayed']).default('dead').describe('Which'),
    job_ids: jobIds.describe('Only these'),
    confirm: z.boolean().optional(),
  }),
  output: z.object({ purged: z.number() }),
  async handle({ state, job_ids, confirm }, { engine }) {
    if (!confirm)
      throw new MemoryError(
        'invalid_input',
        'What is purged does not come back. Nothing was removed.',
        'Look with list_jobs, then call again with confirm: true.',
      );
    return { purged: await engine.jobs.purge(state, job_ids) };
  },
  summarize: ({ purged }) => `Removed ${counted(purged, 'job')}.`,
});
