import { parseArgs } from 'node:util';
import type { Settings } from '../config/settings.ts';
import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import { demandJobs, planFarOff, planJobs } from '../engine/jobs/planJobs.ts';
import { workJobs } from '../engine/jobs/workJobs.ts';
import { readIntervals } from '../engine/model/intervals.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { observed } from './observed.ts';
import { redisOptions } from './openStore.ts';
import { warnOfEviction } from './warnOfEviction.ts';
import { serveHealth } from './workerHealth.ts';

/** How long a queue that is out of reach is left alone. */
const AGAIN_MS = 2_000;
/** How often it is looked whether a clock that was ahead has put jobs off. */
const LOOK_MS = 60_000;

/** `memory-central worker [--concurrency number]`: until SIGTERM or SIGINT. */
export async function runWorker(args: readonly string[]): Promise<void> {
  const overrides = { 'worker.concurrency': readArguments(args) };
  await observed('memory-central-worker', overrides, async (runtime, observability) => {
    const { settings, logger } = runtime;
    // Before it takes a job.
    demandJobs(readIntervals(settings['worker.schedule']));
    // Listened for first: whoever starts it may stop it at once.
    const ended = new AbortController();
    const stopped = new Promise<void>(resolve => {
      const stop = () => {
        ended.abort();
        resolve();
      };
      process.once('SIGTERM', stop).once('SIGINT', stop);
    });
    const engine = await runtime.engine();
    const concurrency = settings['worker.concurrency'];
    const worker = workJobs({
      ...{ engine, concurrency, logger },
      onEnded: (name, outcome) => observability.jobEnded(name, outcome),
      around: (name, attempt) => observability.job(name, attempt),
    });
    const planned = planPatiently(engine, settings, logger, ended.signal);
    planned.catch(() => {});
    using _look = lookAfterPlan(engine, logger);
    await using _health = await serveHealth(settings, engine, worker);
    process.stderr.write(
      `Memory Central does ${concurrency} ${concurrency === 1 ? 'job' : 'jobs'} at once, of ${engine.jobs.place}.\n`,
    );
    // A schedule that is none ends it; one that is planned goes on.
    await Promise.race([stopped, planned.then(() => stopped)]);
    await worker.stop(settings['worker.graceSeconds'] * 1_000);
  });
}

/** Rejects for a schedule that is none; while the queue is out of reach it is tried again. */
async function planPatiently(
  engine: Engine,
  settings: Settings,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const redis = redisOptions(settings);
  const plan = { intervals: readIntervals(settings['worker.schedule']), shared: redis !== undefined };
  while (!signal.aborted) {
    try {
      await planJobs(engine.jobs, plan);
      if (redis) await warnOfEviction({ ...redis, prefix: settings['redis.prefix'] }, logger);
      return;
    } catch (error) {
      if (!MemoryError.is(error, 'unavailable')) throw error;
      logger.warn('jobs could not be planned; it is tried again', { reason: error.message });
      await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
    }
  }
}

function lookAfterPlan(engine: Engine, logger: Logger): Disposable {
  const timer = setInterval(
    () =>
      void planFarOff(engine.jobs, Date.now()).catch(error =>
        logger.debug('the plan of jobs was not looked after', { reason: (error as Error).message }),
      ),
    LOOK_MS,
  );
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function readArguments(args: readonly string[]): number | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { concurrency: { type: 'string' } } });
    const { concurrency } = values;
    if (concurrency === undefined) return undefined;
    if (!/^\d{1,3}$/.test(concurrency) || Number(concurrency) < 1 || Number(concurrency) > 100)
      throw new Error(
        `--concurrency must be a whole number from 1 to 100, not ${JSON.stringify(concurrency)}`,
      );
    return Number(concurrency);
  } catch (error) {
    throw new MemoryError(
      'invalid_input',
      `${(error as Error).message}.`,
      'worker takes --concurrency number.',
      { cause: error },
    );
  }
}
