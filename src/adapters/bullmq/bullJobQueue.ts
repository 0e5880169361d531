import { randomUUID } from 'node:crypto';
import { type Job, type JobsOptions, Queue } from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import {
  checkJobRequest,
  checkJobSchedule,
  isFarOff,
  JOB_RULES,
  type JobRules,
} from '../../engine/jobs/jobRules.ts';
import type {
  JobCounts,
  JobData,
  JobQueue,
  JobRecord,
  JobRequest,
  JobSchedule,
  JobState,
  JobWorker,
  JobWorkOptions,
  PlannedSchedule,
} from '../../engine/ports/jobQueue.ts';
import { checkLimit } from '../../engine/records/checkRecord.ts';
import { LISTS, STATES, toRecord, UNKNOWN_SINCE } from './bullJob.ts';
import { BullJobWorker } from './bullJobWorker.ts';
import type { RedisAccess } from './redisAccess.ts';

const QUEUE = 'jobs';
/** Jobs that are looked at in one go. */
const PAGE = 500;
/** A schedule begins so much later at least. */
const AHEAD_MS = 2_000;
/** A machine whose clock differs from that of Redis by more is wrong about when a schedule is due. */
const CLOCK_MS = 60_000;
/** In a score of `delayed` the lower 12 bits keep the order of what is due in one millisecond. */
const SCORES_A_MS = 0x1000;

/** What we keep in the options of a job. */
interface Own {
  /** Which call added it. */
  readonly by?: string;
}

/** Jobs of a LAN, in BullMQ on the central Redis. */
export class BullJobQueue implements JobQueue {
  readonly place: string;
  readonly #redis: RedisAccess;
  readonly #rules: JobRules;
  readonly #prefix: string;
  readonly #workers = new Set<BullJobWorker>();
  #queue: Queue | undefined;

  constructor(redis: RedisAccess, rules: Partial<JobRules> = {}) {
    this.place = redis.address;
    this.#redis = redis;
    this.#rules = { ...JOB_RULES, ...rules };
    this.#prefix = redis.key('bull');
  }

  async add(request: JobRequest): Promise<{ readonly id: string; readonly added: boolean }> {
    checkJobRequest(request);
    const { name, payload, key, delayMs = 0 } = request;
    const id = key ?? randomUUID();
    return this.#ask(async queue => {
      // A job that is there already keeps the options that it was added with.
      const by = randomUUID();
      const options: JobsOptions & Own = { ...this.#options(), jobId: id, delay: delayMs, by };
      await queue.add(name, payload, options);
      const kept = key === undefined ? undefined : await queue.getJob(id);
      return { id, added: kept === undefined || (kept.opts as Own).by === by };
    });
  }

  async find(id: string): Promise<JobRecord | undefined> {
    return this.#ask(async (queue, client) => {
      const job = await queue.getJob(id);
      if (!job) return undefined;
      const state = STATES[await job.getState()];
      return state && toRecord(job, state, await dueAt(queue, client, job, state));
    });
  }

  async list(states: readonly JobState[], limit: number): Promise<readonly JobRecord[]> {
    checkLimit(limit);
    return this.#ask(async (queue, client) => {
      const found = states.map(async state => {
        const jobs = await queue.getJobs([LISTS[state]], 0, limit - 1, false);
        return Promise.all(
          jobs.map(async job => toRecord(job, state, await dueAt(queue, client, job, state))),
        );
      });
      const records = (await Promise.all(found)).flat();
      return records.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit);
    });
  }

  async counts(): Promise<JobCounts> {
    return this.#ask(async queue => {
      const counts = await queue.getJobCounts(
        'waiting',
        'prioritized',
        'delayed',
        'active',
        'completed',
        'failed',
      );
      const byState = { waiting: 0, delayed: 0, active: 0, completed: 0, dead: 0 };
      for (const [list, count] of Object.entries(counts)) {
        const state = STATES[list];
        if (state) byState[state] += count;
      }
      return { byState, paused: await queue.isPaused() };
    });
  }

  async pause(): Promise<void> {
    await this.#ask(queue => queue.pause());
  }

  async resume(): Promise<void> {
    await this.#ask(queue => queue.resume());
  }

  async requeue(ids?: readonly string[]): Promise<number> {
    return this.#ask(async (queue, client) => {
      const dead = ids ? await this.#named(queue, ids, 'failed') : await all(queue, 'failed');
      const again = { resetAttemptsMade: true, resetAttemptsStarted: true };
      return count(dead, async job => {
        await client.hdel(queue.toKey(job.id!), UNKNOWN_SINCE);
        await job.retry('failed', again);
      });
    });
  }

  async purge(state: Exclude<JobState, 'active'>, ids?: readonly string[]): Promise<number> {
    return this.#ask(async queue => {
      if (ids) return count(await this.#named(queue, ids, LISTS[state]), job => job.remove());
      return (await queue.clean(0, 0, LISTS[state])).length;
    });
  }

  async schedule(schedule: JobSchedule): Promise<void> {
    checkJobSchedule(schedule);
    const { id, name, payload, everyMs } = schedule;
    await this.#ask(async (queue, client) => {
      await dropFarOff(queue, client, id, everyMs);
      await queue.upsertJobScheduler(
        id,
        // Else it would begin at once, and keep that time of day; as it would with one that is over when Redis is told.
        { every: everyMs, startDate: (Math.floor((Date.now() + AHEAD_MS) / everyMs) + 1) * everyMs },
        { name, data: payload, opts: this.#options() },
      );
    });
  }

  async unschedule(id: string): Promise<boolean> {
    return this.#ask(queue => queue.removeJobScheduler(id));
  }

  async schedules(): Promise<readonly PlannedSchedule[]> {
    return this.#ask(async queue => {
      const schedulers = await queue.getJobSchedulers();
      const planned = schedulers.map(({ key, name, every, next, template }) => ({
        ...{ id: key, name, everyMs: every ?? 0, nextAt: next ?? null },
        payload: (template?.data ?? {}) as JobData,
      }));
      return planned.sort((a, b) => (a.id < b.id ? -1 : 1));
    });
  }

  work(options: JobWorkOptions): JobWorker {
    const client = this.#redis.newPatientClient();
    const worker = new BullJobWorker({
      ...options,
      queue: QUEUE,
      prefix: this.#prefix,
      client,
      rules: this.#rules,
    });
    this.#workers.add(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map(worker => worker.stop(0)));
    await this.#queue?.close();
    await this.#redis[Symbol.asyncDispose]();
  }

  #options(): JobsOptions {
    const { failures, kept } = JOB_RULES;
    return {
      attempts: failures,
      backoff: { type: 'exponential', delay: this.#rules.firstPauseMs },
      removeOnComplete: { age: kept.ageMs / 1_000, count: kept.count },
      removeOnFail: false,
      stackTraceLimit: 1,
    };
  }

  #ask<T>(work: (queue: Queue, client: Redis | Cluster) => Promise<T>): Promise<T> {
    return this.#redis.ask(async client => {
      // BullMQ waits for a connection without end; this tells why there is none.
      await client.ping();
      this.#queue ??= this.#newQueue(client);
      return work(this.#queue, client);
    });
  }

  #newQueue(connection: Redis | Cluster): Queue {
    // Its check of the version asks for more than an answer is worth: a worker does it.
    const queue = new Queue(QUEUE, { connection, prefix: this.#prefix, skipVersionCheck: true });
    // Each call tells; it would print them.
    queue.on('error', () => {});
    return queue;
  }

  async #named(queue: Queue, ids: readonly string[], state: string): Promise<readonly Job[]> {
    const jobs = await Promise.all([...new Set(ids)].map(id => queue.getJob(id)));
    const states = await Promise.all(jobs.map(job => job?.getState()));
    return jobs.filter((job, i): job is Job => job !== undefined && states[i] === state);
  }
}

/**
 * BullMQ counts on from the last time, which a worker whose clock was ahead has left: till then nobody would do it. One whose own clock is
 * wrong leaves it: to it, each time that is right is far off.
 */
async function dropFarOff(queue: Queue, client: Redis | Cluster, id: string, everyMs: number): Promise<void> {
  const next = (await queue.getJobScheduler(id))?.next ?? 0;
  const [seconds] = await client.time();
  const now = Number(seconds) * 1_000;
  const wrong = Math.abs(Date.now() - now) > CLOCK_MS;
  if (!wrong && isFarOff(next, everyMs, now)) await queue.removeJobScheduler(id);
}

async function all(queue: Queue, list: 'failed'): Promise<readonly Job[]> {
  const found: Job[] = [];
  for (;;) {
    const page = await queue.getJobs([list], found.length, found.length + PAGE - 1);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

/** @returns of how many it was done; the others have moved on meanwhile, or are a schedule's */
async function count(jobs: readonly Job[], change: (job: Job) => Promise<unknown>): Promise<number> {
  let changed = 0;
  for (const job of jobs) {
    try {
      await change(job);
      changed += 1;
    } catch (error) {
      // BullMQ's own refusals have a number, but for that of a job that a worker holds.
      const refused = typeof (error as { code?: unknown }).code === 'number';
      if (!refused && (await job.getState()) !== 'active') throw error;
    }
  }
  return changed;
}

async function dueAt(
  queue: Queue,
  client: Redis | Cluster,
  job: Job,
  state: JobState,
): Promise<number | null> {
  if (state !== 'delayed') return null;
  const score = await client.zscore(queue.toKey('delayed'), job.id!);
  return score === null ? null : Math.floor(Number(score) / SCORES_A_MS);
}
