import { DelayedError, Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { MemoryError } from '../../engine/errors.ts';
import { isHopeless, type JobRules, leave, problemOf } from '../../engine/jobs/jobRules.ts';
import { LatestProgress } from '../../engine/jobs/latestProgress.ts';
import { runAttempt } from '../../engine/jobs/runAttempt.ts';
import type { JobAttempt, JobData, JobWorker, JobWorkOptions } from '../../engine/ports/jobQueue.ts';
import { within } from '../../engine/within.ts';
import { UNKNOWN_SINCE } from './bullJob.ts';

/** How long a Redis that does not answer is left alone. */
const PAUSE_MS = 1_000;
/** Longest wait for what is left of it once its jobs have ended. */
const CLOSE_MS = 5_000;

export interface BullJobWorkerOptions extends JobWorkOptions {
  readonly queue: string;
  readonly prefix: string;
  /** The worker's own. */
  readonly client: Redis | Cluster;
  readonly rules: JobRules;
}

/** Does jobs of BullMQ, beside other workers of the LAN. */
export class BullJobWorker implements JobWorker {
  readonly #options: BullJobWorkerOptions;
  readonly #worker: Worker;
  readonly #running = new Set<string>();
  readonly #lost = new Set<string>();
  #stopping: Promise<void> | undefined;

  constructor(options: BullJobWorkerOptions) {
    const { client, concurrency, onEvent, prefix, queue, rules } = options;
    this.#options = options;
    this.#worker = new Worker(
      queue,
      // It is given a signal because it takes three.
      (job: Job, token: string | undefined, signal: AbortSignal | undefined) =>
        this.#do(job, token!, signal!),
      {
        ...{ connection: client, prefix, concurrency },
        lockDuration: rules.leaseMs,
        stalledInterval: rules.leaseMs,
        // Also those of schedules end so, which never stall too often; and one that is tried again begins anew.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        maxStartedAttempts: rules.starts,
        runRetryDelay: PAUSE_MS,
      },
    );
    this.#worker
      .on('error', error => {
        // What a job that is lost would still have said.
        if (isRefusal(error)) return;
        onEvent({ kind: 'unavailable', problem: problemOf(error) });
      })
      .on('stalled', id => onEvent({ kind: 'lost', id }))
      .on('completed', ({ id, name }) => onEvent({ kind: 'completed', id: id!, name }))
      .on('failed', (job, error) => {
        if (!job) return;
        const dead = job.finishedOn !== undefined;
        onEvent({ kind: 'failed', id: job.id!, name: job.name, problem: problemOf(error), dead });
      })
      .on('lockRenewalFailed', ids => {
        for (const id of ids) {
          this.#lost.add(id);
          this.#worker.cancelJob(id);
        }
      });
  }

  get active(): number {
    return this.#running.size;
  }

  stop(graceMs: number): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    const late = setTimeout(() => this.#worker.cancelAllJobs(), graceMs);
    // It may wait for the end of a connection that was never made.
    await within(this.#worker.close(), graceMs + CLOSE_MS, () => {});
    clearTimeout(late);
    this.#options.client.disconnect();
  }

  /** Whoever was held up may have lost the job, and not have noticed yet. Throws when it has. */
  async #demand(job: Job, token: string): Promise<void> {
    const renewed = await job.extendLock(token, this.#options.rules.leaseMs).catch(error => {
      if (isRefusal(error)) return 0;
      throw error;
    });
    if (renewed === 1) return;
    this.#lost.add(job.id!);
    throw lost();
  }

  async #giveBack(job: Job, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new WaitingError();
  }

  /** What a schedule added is done once, however often it was due meanwhile: the last one stays. */
  async #forgetBefore({ id, repeatJobKey }: Job): Promise<void> {
    if (repeatJobKey === undefined) return;
    const { client, rules } = this.#options;
    const last = this.#worker.toKey(`left:${repeatJobKey}`);
    const before = await client.set(last, id!, 'PX', rules.unknownMs, 'GET');
    if (before === null || before === id) return;
    const job = await Job.fromId(this.#worker, before);
    // A worker that knows it may have taken it by now.
    if (await job?.isDelayed()) await job!.remove().catch(() => {});
  }

  /** As if it had not been begun, but for its time. */
  async #leave(job: Job, token: string): Promise<never> {
    const { client, onEvent, rules } = this.#options;
    const { id, name } = job as Job & { readonly id: string };
    const key = this.#worker.toKey(id);
    const now = Date.now();
    const since = Number((await client.hget(key, UNKNOWN_SINCE)) ?? now);
    const { dueAt, problem } = leave(name, since, now, rules.unknownMs);
    // `ats` are the attempts that were started.
    await client.hset(key, { [UNKNOWN_SINCE]: since, ats: job.attemptsStarted - 1, failedReason: problem });
    if (dueAt === null) throw new UnrecoverableError(problem);
    await job.moveToDelayed(dueAt, token);
    await this.#forgetBefore(job);
    onEvent({ kind: 'left', id, name, problem });
    throw new DelayedError();
  }

  async #do(job: Job, token: string, cancelled: AbortSignal): Promise<JobData | undefined> {
    const { id, name, data } = job as Job<JobData> & { readonly id: string };
    const { knows, onEvent, run } = this.#options;
    // BullMQ may be given a job that it had asked for before it was told to stop.
    if (this.#stopping) return this.#giveBack(job, token);
    if (!knows(name)) return this.#leave(job, token);
    const abort = new AbortController();
    cancelled.addEventListener('abort', () => abort.abort(this.#lost.has(id) ? lost() : stopped()));
    const progress = new LatestProgress(report => job.updateProgress({ ...report }));
    const attempt: JobAttempt = {
      ...{ id, name, payload: data, attempt: job.attemptsStarted, signal: abort.signal },
      progress: report => progress.tell(report),
    };
    this.#running.add(id);
    onEvent({ kind: 'started', id, name });
    const began = performance.now();
    try {
      const result = await runAttempt(run, attempt);
      if (performance.now() - began > this.#options.rules.leaseMs / 2) await this.#demand(job, token);
      return result;
    } catch (error) {
      if (this.#lost.has(id)) {
        onEvent({ kind: 'lost', id });
        throw error;
      }
      if (!abort.signal.aborted)
        throw isHopeless(error) ? new UnrecoverableError(problemOf(error)) : plain(error);
      onEvent({ kind: 'given_back', id, name });
      return await this.#giveBack(job, token);
    } finally {
      await progress.end();
      this.#running.delete(id);
      this.#lost.delete(id);
    }
  }
}

/** Those of BullMQ have a number. */
function isRefusal(error: unknown): boolean {
  return typeof (error as { code?: unknown }).code === 'number';
}

/** BullMQ keeps the message alone, and the stack. */
function plain(error: unknown): Error {
  const plain = new Error(problemOf(error), { cause: error });
  plain.stack = (error as Partial<Error> | undefined)?.stack ?? '';
  return plain;
}

function stopped(): MemoryError {
  return new MemoryError('cancelled', 'The worker was stopped.', 'Another goes on with the job.');
}

function lost(): MemoryError {
  return new MemoryError('stale_lease', 'The job is not this worker’s any more.', 'Another does it.');
}
