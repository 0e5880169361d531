import type { Job } from 'bullmq';
import { BEGUN_TOO_OFTEN, readProgress } from '../../engine/jobs/jobRules.ts';
import type { JobData, JobRecord, JobState } from '../../engine/ports/jobQueue.ts';

/** What we call BullMQ's states; those that are not here do not occur. */
export const STATES: Readonly<Record<string, JobState>> = {
  waiting: 'waiting',
  paused: 'waiting',
  prioritized: 'waiting',
  delayed: 'delayed',
  active: 'active',
  completed: 'completed',
  failed: 'dead',
};

/** Our states as BullMQ lists them. */
export const LISTS = {
  waiting: 'waiting',
  delayed: 'delayed',
  active: 'active',
  completed: 'completed',
  dead: 'failed',
} as const satisfies Record<JobState, string>;

const TOO_OFTEN = 'job started more than allowable limit';

/** Field of a job's hash, which BullMQ passes over: when a worker first did not know it, ms since the epoch. */
export const UNKNOWN_SINCE = 'unknownSince';

/** @param dueAt ms since the epoch; null: at once, or it has begun */
export function toRecord(job: Job, state: JobState, dueAt: number | null): JobRecord {
  const reason = job.failedReason || null;
  return {
    id: job.id!,
    name: job.name,
    payload: (job.data ?? {}) as JobData,
    state,
    progress: readProgress(job.progress),
    attempts: job.attemptsStarted,
    result: (job.returnvalue ?? null) as JobData | null,
    problem: state === 'completed' ? null : reason === TOO_OFTEN ? BEGUN_TOO_OFTEN : reason,
    createdAt: job.timestamp,
    dueAt: state === 'waiting' ? job.timestamp : dueAt,
    startedAt: job.attemptsStarted > 0 ? (job.processedOn ?? null) : null,
    finishedAt: job.finishedOn ?? null,
  };
}
