import type { Engine } from '../engine.ts';
import type { JobEvent, JobWorker } from '../ports/jobQueue.ts';
import type { Logger } from '../ports/logger.ts';
import { isJob, jobOf } from './jobs.ts';

/** A queue that is out of reach is told of so often at most. */
const REPEAT_MS = 60_000;

export interface WorkJobsOptions {
  readonly engine: Engine;
  /** Jobs at once. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** Told how each attempt ended: `completed`, `failed`, `dead`, `lost` or `given_back`. */
  readonly onEnded?: (name: string, outcome: string) => void;
  /** Put around each attempt. */
  readonly around?: <T>(name: string, attempt: () => Promise<T>) => Promise<T>;
}

/** From now on this process does jobs, and its log tells of them. */
export function workJobs({
  engine,
  concurrency,
  logger,
  onEnded = () => {},
  around = (_, attempt) => attempt(),
}: WorkJobsOptions): JobWorker {
  const names = new Map<string, string>();
  const tell = telling(logger);
  return engine.jobs.work({
    concurrency,
    knows: isJob,
    async run({ id, name, payload, signal, progress }) {
      const job = jobOf(name);
      return around(name, () => job.run(job.read(payload), { engine, id, signal, progress }));
    },
    onEvent(event) {
      tell(event);
      if (event.kind === 'unavailable' || event.kind === 'left') return;
      if (event.kind === 'started') names.set(event.id, event.name);
      else {
        const outcome = event.kind === 'failed' && event.dead ? 'dead' : event.kind;
        const name = names.get(event.id);
        // One that another worker lost is none of ours.
        if (name !== undefined) onEnded(name, outcome);
        names.delete(event.id);
      }
    },
  });
}

function telling(logger: Logger): (event: JobEvent) => void {
  let told = Number.NEGATIVE_INFINITY;
  return event => {
    switch (event.kind) {
      case 'started':
      case 'completed':
      case 'given_back':
        logger.info(`a job was ${event.kind.replace('_', ' ')}`, { job: event.name, id: event.id });
        break;
      case 'failed': {
        const { id, name: job, problem } = event;
        const words = event.dead ? 'a job is dead' : 'an attempt at a job failed';
        logger[event.dead ? 'error' : 'warn'](words, { job, id, reason: problem });
        break;
      }
      case 'left':
        logger.warn('a job was left for a worker that knows it', {
          ...{ job: event.name, id: event.id, reason: event.problem },
        });
        break;
      case 'lost':
        logger.warn('whoever did a job has died, or was held up', { id: event.id });
        break;
      case 'unavailable':
        if (performance.now() - told < REPEAT_MS) break;
        told = performance.now();
        logger.warn('the queue of jobs did not do as it was told; it is tried again', {
          reason: event.problem,
        });
    }
  };
}
