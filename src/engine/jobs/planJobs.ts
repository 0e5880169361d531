import { MemoryError } from '../errors.ts';
import type { JobQueue } from '../ports/jobQueue.ts';
import { isFarOff } from './jobRules.ts';
import { jobs } from './jobs.ts';

export interface JobPlan {
  /** How often a job is done by itself, ms, where not as usual; null: never. */
  readonly intervals: ReadonlyMap<string, number | null>;
  /** Machines share the memory. */
  readonly shared: boolean;
}

/**
 * Says how often each job is done by itself; workers that say the same disturb nobody. Rejects with `invalid_input` for an interval of
 * what is no job.
 */
export async function planJobs(queue: JobQueue, { intervals, shared }: JobPlan): Promise<void> {
  demandJobs(intervals);
  for (const job of jobs) {
    const usual = shared && job.ofOneMachine ? null : job.everyMs;
    const everyMs = intervals.has(job.name) ? intervals.get(job.name)! : usual;
    if (everyMs === null) await queue.unschedule(job.name);
    else await queue.schedule({ id: job.name, name: job.name, payload: {}, everyMs });
  }
}

/** Throws `invalid_input` for an interval of what is no job. */
export function demandJobs(intervals: JobPlan['intervals']): void {
  const unknown = [...intervals.keys()].find(name => !jobs.some(job => job.name === name));
  if (unknown === undefined) return;
  throw new MemoryError(
    'invalid_input',
    `There is no job "${unknown}" to be done by itself.`,
    `Name in WORKER_SCHEDULE (worker.schedule) one of ${jobs.map(job => job.name).join(', ')}.`,
  );
}

/** Where a clock was ahead, what is done by itself would next be done when that time comes: it is planned anew. @param now ms since the epoch */
export async function planFarOff(queue: JobQueue, now: number): Promise<void> {
  for (const { nextAt, ...schedule } of await queue.schedules())
    if (nextAt !== null && isFarOff(nextAt, schedule.everyMs, now)) await queue.schedule(schedule);
}
