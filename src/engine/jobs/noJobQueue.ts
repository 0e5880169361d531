import { MemoryError } from '../errors.ts';
import type { JobQueue } from '../ports/jobQueue.ts';

async function refuse(): Promise<never> {
  throw new MemoryError(
    'unavailable',
    'This program keeps no jobs.',
    'Use the command line, such as `memory-central list-jobs`, or the REST server.',
  );
}

/** For programs that nobody asks for a job. */
export const noJobQueue: JobQueue = {
  place: 'nowhere',
  add: refuse,
  find: refuse,
  list: refuse,
  counts: refuse,
  pause: refuse,
  resume: refuse,
  requeue: refuse,
  purge: refuse,
  schedule: refuse,
  unschedule: refuse,
  schedules: refuse,
  work: () => ({ active: 0, stop: async () => {} }),
  [Symbol.asyncDispose]: async () => {},
};
