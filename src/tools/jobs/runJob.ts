import { z } from 'zod';
import { jobOf } from '../../engine/jobs/jobs.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const runJob = defineTool({
  name: 'run_job',
  title: 'Have a job done',
  description:
    'Adds a job, which a worker does as soon as it can, such as embed, expire, compact, learn or backup. Returns its id; list_jobs tells how far it is.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    name: z.string().min(1).max(100).describe('As list_jobs tells in known'),
    payload: field.metadata.optional().describe('What the job is given'),
    key: z.string().min(1).max(128).optional().describe('The same key gives the same job again'),
    delay_seconds: z.number().min(0).max(31_622_400).default(0).describe('Not before'),
  }),
  output: z.object({
    job_id: z.string(),
    added: z.boolean().describe('false: there is a job of this key'),
  }),
  async handle({ name, payload = {}, key, delay_seconds }, { engine }) {
    // Wrong here rather than dead there.
    jobOf(name).read(payload);
    const delayMs = Math.round(delay_seconds * 1000);
    const request = { name, payload, delayMs, ...(key !== undefined && { key }) };
    const { id, added } = await engine.jobs.add(request);
    return { job_id: id, added };
  },
  summarize: ({ job_id, added }) => (added ? `Added ${job_id}.` : `${job_id} was added before.`),
});
