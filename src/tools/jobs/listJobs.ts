import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { jobs as known } from '../../engine/jobs/jobs.ts';
import { isoOrNull } from '../../engine/model/time.ts';
import { JOB_STATES } from '../../engine/ports/jobQueue.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { jobId, jobLine, jobView, viewJob } from './jobView.ts';

export const listJobs = defineTool({
  name: 'list_jobs',
  title: 'List jobs of the worker',
  description: `Jobs of \`memory-central worker\`, newest first, with how many there are in each state, what is done by itself and how often; or one, by id.
Dead ones failed for good: retry_jobs tries them again, purge_jobs removes them. run_job adds one.`,
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    job_id: jobId.optional().describe('Only this one'),
    states: z.array(z.enum(JOB_STATES)).min(1).optional().describe('Default: all'),
    limit: field.limit(20, 1000),
  }),
  output: z.object({
    place: z.string().describe('Where they are kept'),
    paused: z.boolean().describe('No worker takes a job'),
    counts: z.record(z.enum(JOB_STATES), z.number()),
    jobs: z.array(jobView),
    schedules: z.array(
      z.object({ name: z.string(), every_seconds: z.number(), next_at: z.string().nullable() }),
    ),
    known: z.array(z.object({ name: z.string(), description: z.string() })).describe('For run_job'),
  }),
  async handle({ job_id, states = JOB_STATES, limit }, { engine }) {
    const one = job_id === undefined ? undefined : await engine.jobs.find(job_id);
    if (job_id !== undefined && !one)
      throw new MemoryError('not_found', `There is no job ${JSON.stringify(job_id)}.`, 'See list_jobs.');
    const [{ byState, paused }, schedules, found] = await Promise.all([
      engine.jobs.counts(),
      engine.jobs.schedules(),
      one ? [one] : engine.jobs.list(states, limit),
    ]);
    return {
      ...{ place: engine.jobs.place, paused, counts: { ...byState }, jobs: found.map(viewJob) },
      schedules: schedules.map(({ name, everyMs, nextAt }) => ({
        ...{ name, every_seconds: everyMs / 1000 },
        next_at: isoOrNull(nextAt) ?? null,
      })),
      known: known.map(({ name, description }) => ({ name, description })),
    };
  },
  summarize({ counts, jobs, paused, schedules }) {
    const states = JOB_STATES.map(state => `${state} ${counts[state]}`).join(', ');
    return [
      `jobs${paused ? ', paused' : ''}: ${states}`,
      ...jobs.flatMap(job => [
        jobLine(job),
        ...(jobs.length === 1
          ? [job.payload, job.result].flatMap(data => (data ? [JSON.stringify(data)] : []))
          : []),
      ]),
      ...schedules.map(
        ({ name, every_seconds, next_at }) =>
          `${oneLine(name)} every ${interval(every_seconds)}${next_at === null ? '' : `, next ${next_at}`}`,
      ),
    ].join('\n');
  },
});

/** As WORKER_SCHEDULE takes it, such as `12h`. */
function interval(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
