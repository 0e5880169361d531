import { MemoryError } from '../../../engine/errors.ts';
import { isHopeless, problemOf } from '../../../engine/jobs/jobRules.ts';
import { LatestProgress } from '../../../engine/jobs/latestProgress.ts';
import { runAttempt } from '../../../engine/jobs/runAttempt.ts';
import type { JobData, JobWorker, JobWorkOptions } from '../../../engine/ports/jobQueue.ts';
import { waitFor } from '../../../engine/waitFor.ts';
import type { Claimed, JobSteps } from './jobSteps.ts';

/** How often it is looked for jobs of other processes; a look takes 20 µs. */
const POLL_MS = 200;
/** How long a file that cannot be used is left alone. */
const PAUSE_MS = 1_000;

interface Active {
  readonly claimed: Claimed;
  readonly abort: AbortController;
  /** Another may have it by now. */
  lost: boolean;
}

/** Does jobs of the file, beside other workers in this and other processes. */
export class SqliteJobWorker implements JobWorker {
  readonly #open: () => Promise<JobSteps>;
  readonly #options: JobWorkOptions;
  readonly #active = new Set<Active>();
  readonly #stop = new AbortController();
  readonly #renewal: NodeJS.Timeout;
  readonly #loop: Promise<void>;
  #wake = () => {};
  #news = new Promise<void>(() => {});

  /** @param leaseMs of a job; it is renewed at a third of it */
  constructor(open: () => Promise<JobSteps>, leaseMs: number, options: JobWorkOptions) {
    this.#open = open;
    this.#options = options;
    this.#expectNews();
    this.#renewal = setInterval(() => void this.#renewAll(), leaseMs / 3);
    this.#loop = this.#run();
  }

  get active(): number {
    return this.#active.size;
  }

  /** There may be a job, or room for one. */
  wake(): void {
    this.#wake();
  }

  async stop(graceMs: number): Promise<void> {
    this.#stop.abort(stopped());
    await this.#loop;
    const late = setTimeout(() => {
      for (const { abort } of this.#active) abort.abort(stopped());
    }, graceMs);
    while (this.#active.size > 0) await this.#nextNews();
    clearTimeout(late);
    clearInterval(this.#renewal);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const news = this.#expectNews();
      let pause = POLL_MS;
      try {
        if (await this.#take()) continue;
      } catch (error) {
        this.#options.onEvent({ kind: 'unavailable', problem: problemOf(error) });
        pause = PAUSE_MS;
      }
      await waitFor(news, pause, signal);
    }
  }

  /** @returns whether there may be more */
  async #take(): Promise<boolean> {
    const free = this.#options.concurrency - this.#active.size;
    if (free === 0) return false;
    const { claimed, lost } = await (await this.#open()).claim(free);
    for (const id of lost) this.#options.onEvent({ kind: 'lost', id });
    for (const one of claimed) {
      const active: Active = { claimed: one, abort: new AbortController(), lost: false };
      this.#active.add(active);
      void this.#do(active).finally(() => {
        this.#active.delete(active);
        this.#wake();
      });
    }
    return claimed.length > 0;
  }

  async #do(active: Active): Promise<void> {
    const { claimed, abort } = active;
    const { id, name, payload, attempt } = claimed;
    const { knows, onEvent, run } = this.#options;
    if (!knows(name)) return this.#leave(active);
    onEvent({ kind: 'started', id, name });
    const progress = new LatestProgress(async report => (await this.#open()).tell(claimed, report));
    const given = { id, name, payload, attempt, signal: abort.signal };
    try {
      const result = await runAttempt(run, { ...given, progress: report => progress.tell(report) });
      await progress.end();
      await this.#completed(active, result);
    } catch (error) {
      await progress.end();
      await this.#failed(active, error);
    }
  }

  async #leave(active: Active): Promise<void> {
    const { id, name } = active.claimed;
    const left = await this.#surely(active, async () => (await this.#open()).leave(active.claimed));
    if (!left) return this.#options.onEvent({ kind: 'lost', id });
    const { dueAt, problem } = left;
    this.#options.onEvent(
      dueAt === null
        ? { kind: 'failed', id, name, problem, dead: true }
        : { kind: 'left', id, name, problem },
    );
  }

  async #completed(active: Active, result: JobData | undefined): Promise<void> {
    const { id, name } = active.claimed;
    const done = await this.#surely(active, async () =>
      (await this.#open()).complete(active.claimed, result),
    );
    this.#options.onEvent(done ? { kind: 'completed', id, name } : { kind: 'lost', id });
  }

  async #failed(active: Active, error: unknown): Promise<void> {
    const { claimed, abort, lost } = active;
    const { id, name } = claimed;
    const { onEvent } = this.#options;
    if (lost) return onEvent({ kind: 'lost', id });
    if (abort.signal.aborted) {
      const given = await this.#surely(active, async () => (await this.#open()).giveBack(claimed));
      return onEvent(given ? { kind: 'given_back', id, name } : { kind: 'lost', id });
    }
    const problem = problemOf(error);
    const failed = await this.#surely(active, async () =>
      (await this.#open()).fail(claimed, problem, isHopeless(error)),
    );
    onEvent(failed ? { kind: 'failed', id, name, problem, dead: failed.dead } : { kind: 'lost', id });
  }

  /** How an attempt ended is written as soon as the file can be used, unless the job is another's by then. */
  async #surely<T>(active: Active, step: () => Promise<T>): Promise<T | undefined> {
    while (!active.lost) {
      try {
        return await step();
      } catch (error) {
        this.#options.onEvent({ kind: 'unavailable', problem: problemOf(error) });
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
        // Whoever stops waits for nothing that cannot be written: the lease ends by itself.
        if (this.#stop.signal.aborted) return undefined;
      }
    }
    return undefined;
  }

  async #renewAll(): Promise<void> {
    for (const active of this.#active) {
      try {
        if (await (await this.#open()).renew(active.claimed)) continue;
        // One that was finished meanwhile has no lease either.
        if (!this.#active.has(active)) continue;
        active.lost = true;
        active.abort.abort(
          new MemoryError('stale_lease', 'The job is not this worker’s any more.', 'Another does it.'),
        );
      } catch (error) {
        this.#options.onEvent({ kind: 'unavailable', problem: problemOf(error) });
      }
    }
  }

  #expectNews(): Promise<void> {
    this.#news = new Promise(resolve => {
      this.#wake = resolve;
    });
    return this.#news;
  }

  async #nextNews(): Promise<void> {
    const news = this.#expectNews();
    if (this.#active.size > 0) await news;
  }
}

function stopped(): MemoryError {
  return new MemoryError('cancelled', 'The worker was stopped.', 'Another goes on with the job.');
}
