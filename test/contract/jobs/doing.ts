import type {
  JobAttempt,
  JobData,
  JobEvent,
  JobQueue,
  JobWorker,
} from '../../../src/engine/ports/jobQueue.ts';

/** Lets a queue's process do its jobs. @param run what it returns is the result */
export function doing(
  queue: JobQueue,
  run: (attempt: JobAttempt) => Promise<unknown>,
  {
    concurrency = 2,
    knows = (_: string): boolean => true,
    onEvent = (_: JobEvent): unknown => undefined,
  } = {},
): JobWorker {
  return queue.work({
    concurrency,
    knows,
    run: async attempt => (await run(attempt)) as JobData | undefined,
    onEvent: event => void onEvent(event),
  });
}
