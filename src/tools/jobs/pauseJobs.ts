import { z } from 'zod';
import { defineTool } from '../defineTool.ts';

export const pauseJobs = defineTool({
  name: 'pause_jobs',
  title: 'Pause or resume jobs',
  description:
    'No worker takes a job until they are resumed (paused: false); those under way are done. Schedules go on: what came due is done then.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    paused: z.boolean().default(true).describe('false: go on'),
  }),
  output: z.object({ paused: z.boolean() }),
  async handle({ paused }, { engine }) {
    await (paused ? engine.jobs.pause() : engine.jobs.resume());
    return { paused };
  },
  summarize: ({ paused }) => (paused ? 'Jobs are paused.' : 'Jobs go on.'),
});
