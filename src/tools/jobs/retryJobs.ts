import { z } from 'zod';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import { jobIds } from './jobView.ts';

export const retryJobs = defineTool({
  name: 'retry_jobs',
  title: 'Try dead jobs again',
  description:
    'Dead jobs wait again, as if they were new: all of them, or those that are named. Returns how many.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ job_ids: jobIds.describe('Default: all dead ones') }),
  output: z.object({ retried: z.number() }),
  async handle({ job_ids }, { engine }) {
    return { retried: await engine.jobs.requeue(job_ids) };
  },
  summarize: ({ retried }) =>
    retried === 0
      ? 'None of these is dead: nothing to try again.'
      : `${counted(retried, 'job')} will be tried again.`,
});
