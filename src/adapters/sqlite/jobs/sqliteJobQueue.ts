import { randomUUID } from 'node:crypto';
import {
  checkJobRequest,
  checkJobSchedule,
  JOB_RULES,
  type JobRules,
} from '../../../engine/jobs/jobRules.ts';
import {
  JOB_STATES,
  type JobCounts,
  type JobQueue,
  type JobRecord,
  type JobRequest,
  type JobSchedule,
  type JobState,
  type JobWorker,
  type JobWorkOptions,
  type PlannedSchedule,
} from '../../../engine/ports/jobQueue.ts';
import { checkLimit } from '../../../engine/records/checkRecord.ts';
import type { Database } from '../database.ts';
import type { DriverName } from '../driver.ts';
import { readData, toRecord } from './jobRow.ts';
import { JobSteps } from './jobSteps.ts';
import { openJobDatabase } from './openJobDatabase.ts';
import { SqliteJobWorker } from './sqliteJobWorker.ts';

export interface SqliteJobQueueOptions {
  /** The file of jobs; it and its folder are made when missing, at the first call. */
  readonly path: string;
  readonly now: () => number;
  /** For tests; default: `JOB_RULES`. */
  readonly rules?: Partial<JobRules>;
  /** For tests; default: what the runtime offers. */
  readonly driver?: DriverName;
  /** Longest wait for a locked file. Default 5,000. */
  readonly busyDeadlineMs?: number;
}

/** A state as the file has it: `delayed` is one whose time is ahead. */
const STATE = "CASE WHEN state = 'waiting' AND due_at > ?1 THEN 'delayed' ELSE state END";
/** The next job of a schedule goes with its schedule. */
const PURGEABLE = `${STATE} = ?2 AND NOT (state = 'waiting' AND schedule IS NOT NULL)`;

/** Jobs of one machine, in a file that its processes share. */
export class SqliteJobQueue implements JobQueue {
  readonly place: string;
  readonly #options: SqliteJobQueueOptions;
  readonly #rules: JobRules;
  readonly #workers = new Set<SqliteJobWorker>();
  #opened: Promise<{ readonly database: Database; readonly steps: JobSteps }> | undefined;

  constructor(options: SqliteJobQueueOptions) {
    this.place = options.path;
    this.#options = options;
    this.#rules = { ...JOB_RULES, ...options.rules };
  }

  async add(request: JobRequest): Promise<{ readonly id: string; readonly added: boolean }> {
    checkJobRequest(request);
    const id = request.key ?? randomUUID();
    const { database, steps } = await this.#open();
    const added = await database.write(() => steps.insert(id, request));
    for (const worker of this.#workers) worker.wake();
    return { id, added };
  }

  async find(id: string): Promise<JobRecord | undefined> {
    const { database } = await this.#open();
    const row = await database.look(() => database.get('SELECT * FROM jobs WHERE id = ?', id));
    return row && toRecord(row, this.#now());
  }

  async list(states: readonly JobState[], limit: number): Promise<readonly JobRecord[]> {
    checkLimit(limit);
    const { database } = await this.#open();
    const now = this.#now();
    const rows = await database.look(() =>
      database.all(
        `SELECT * FROM jobs WHERE ${STATE} IN (SELECT value FROM json_each(?2)) ORDER BY num DESC LIMIT ?3`,
        ...[now, JSON.stringify(states), limit],
      ),
    );
    return rows.map(row => toRecord(row, now));
  }

  async counts(): Promise<JobCounts> {
    const { database } = await this.#open();
    return database.read(() => {
      const rows = database.all(`SELECT ${STATE} AS state, count(*) AS n FROM jobs GROUP BY 1`, this.#now());
      const counted = new Map(rows.map(row => [row['state'], row['n'] as number]));
      const byState = Object.fromEntries(JOB_STATES.map(state => [state, counted.get(state) ?? 0]));
      const { paused } = database.get('SELECT paused FROM switches')!;
      return { byState: byState as Record<JobState, number>, paused: paused === 1 };
    });
  }

  async pause(): Promise<void> {
    await this.#switch(1);
  }

  async resume(): Promise<void> {
    await this.#switch(0);
  }

  async requeue(ids?: readonly string[]): Promise<number> {
    const { database } = await this.#open();
    const requeued = await database.write(
      () =>
        database.run(
          `UPDATE jobs SET state = 'waiting', due_at = ?1, starts = 0, failures = 0, problem = NULL, unknown_since = NULL,
             finished_at = NULL
           WHERE state = 'dead' AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))`,
          ...[this.#now(), listOf(ids)],
        ).changes,
    );
    for (const worker of this.#workers) worker.wake();
    return requeued;
  }

  async purge(state: Exclude<JobState, 'active'>, ids?: readonly string[]): Promise<number> {
    const { database } = await this.#open();
    return database.write(
      () =>
        database.run(
          `DELETE FROM jobs WHERE ${PURGEABLE} AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3)))`,
          ...[this.#now(), state, listOf(ids)],
        ).changes,
    );
  }

  async schedule(schedule: JobSchedule): Promise<void> {
    checkJobSchedule(schedule);
    const { database, steps } = await this.#open();
    await database.write(() => steps.schedule(schedule));
  }

  async unschedule(id: string): Promise<boolean> {
    const { database, steps } = await this.#open();
    return database.write(() => steps.unschedule(id));
  }

  async schedules(): Promise<readonly PlannedSchedule[]> {
    const { database } = await this.#open();
    const rows = await database.look(() => database.all('SELECT * FROM schedules ORDER BY id'));
    return rows.map(row => ({
      id: row['id'] as string,
      name: row['name'] as string,
      payload: readData(row['payload']) ?? {},
      everyMs: row['every_ms'] as number,
      nextAt: row['next_at'] as number,
    }));
  }

  work(options: JobWorkOptions): JobWorker {
    const steps = async () => (await this.#open()).steps;
    const worker = new SqliteJobWorker(steps, this.#rules.leaseMs, options);
    this.#workers.add(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map(worker => worker.stop(0)));
    const opened = await this.#opened?.catch(() => undefined);
    opened?.database.close();
  }

  async #switch(paused: 0 | 1): Promise<void> {
    const { database } = await this.#open();
    await database.write(() => database.run('UPDATE switches SET paused = ?', paused));
    for (const worker of this.#workers) worker.wake();
  }

  #now(): number {
    return this.#options.now();
  }

  #open() {
    const { path, driver, now, busyDeadlineMs = 5_000 } = this.#options;
    this.#opened ??= openJobDatabase(path, driver, busyDeadlineMs).then(
      database => ({ database, steps: new JobSteps(database, now, this.#rules) }),
      error => {
        // Tried again at the next call.
        this.#opened = undefined;
        throw error;
      },
    );
    return this.#opened;
  }
}

function listOf(ids: readonly string[] | undefined): string | null {
  return ids ? JSON.stringify(ids) : null;
}
