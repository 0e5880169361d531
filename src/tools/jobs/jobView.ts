import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { isoOrNull, isoTime } from '../../engine/model/time.ts';
import { JOB_STATES, type JobRecord } from '../../engine/ports/jobQueue.ts';

const json = z.record(z.string(), z.json());

/** A job, as tools answer it; what is not known is absent. Times are ISO 8601. */
export const jobView = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(JOB_STATES),
  payload: json.optional(),
  progress: z
    .object({ done: z.number(), total: z.number().optional(), message: z.string().optional() })
    .optional(),
  attempts: z.number().describe('How often it was begun'),
  problem: z.string().optional().describe('Why the last attempt failed'),
  result: json.optional(),
  created_at: z.string(),
  due_at: z.string().optional(),
  started_at: z.string().optional(),
  finished_at: z.string().optional(),
});
export type JobView = z.infer<typeof jobView>;

export const jobId = z.string().min(1).max(300);
export const jobIds = z.array(jobId).min(1).max(1000).optional();

export function viewJob(job: JobRecord): JobView {
  const times = {
    due_at: isoOrNull(job.dueAt),
    started_at: isoOrNull(job.startedAt),
    finished_at: isoOrNull(job.finishedAt),
  };
  const known = Object.entries({
    ...times,
    progress: job.progress,
    problem: job.problem,
    result: job.result,
  });
  return {
    ...{ id: job.id, name: job.name, state: job.state, attempts: job.attempts },
    ...(Object.keys(job.payload).length > 0 && { payload: job.payload as JobView['payload'] }),
    ...Object.fromEntries(known.filter(([, value]) => value !== null && value !== undefined)),
    created_at: isoTime(job.createdAt),
  };
}

/** One line: id, name, state, how far it is, why it failed. */
export function jobLine({ id, name, state, progress, attempts, problem, due_at }: JobView): string {
  const far = progress && `${progress.done}${progress.total === undefined ? '' : ` of ${progress.total}`}`;
  const facts = [
    state,
    ...(state === 'delayed' && due_at !== undefined ? [`until ${due_at}`] : []),
    ...(far !== undefined && state === 'active' ? [far] : []),
    ...(attempts > 1 ? [`attempt ${attempts}`] : []),
  ];
  const why = problem === undefined ? '' : `; ${oneLine(problem, 500)}`;
  return `${oneLine(id)} ${oneLine(name)} [${facts.join(', ')}]${why}`;
}
