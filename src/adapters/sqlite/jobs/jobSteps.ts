import {
  BEGUN_TOO_OFTEN,
  isFarOff,
  JOB_RULES,
  type JobRules,
  type Left,
  pauseAfter,
} from '../../../engine/jobs/jobRules.ts';
import type { JobData, JobProgress, JobRequest, JobSchedule } from '../../../engine/ports/jobQueue.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { readData } from './jobRow.ts';
import { leaveJob } from './leaveJob.ts';

/** A job that a worker has. `fence` rises with each claim: what a former holder writes is refused. */
export interface Claimed {
  readonly id: string;
  readonly fence: number;
  readonly name: string;
  readonly payload: JobData;
  readonly attempt: number;
}

export interface Claim {
  readonly claimed: readonly Claimed[];
  /** Ids of those whose worker died. */
  readonly lost: readonly string[];
}

/** A job that is done. */
interface Ending {
  readonly claimed: Claimed;
  readonly result: JobData | undefined;
  /** false: it is not the caller's any more. */
  resolve(done: boolean): void;
  reject(error: unknown): void;
}

const NOTHING: Claim = { claimed: [], lost: [] };
/** So often it is counted whether there are too many. */
const TIDY_EVERY = 100;

/** What happens to a job; each step is one transaction. */
export class JobSteps {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #rules: JobRules;
  readonly #ending: Ending[] = [];
  #completed = 0;

  constructor(database: Database, now: () => number, rules: JobRules) {
    this.#database = database;
    this.#now = now;
    this.#rules = rules;
  }

  /** @param count most jobs @returns those that are due, oldest first, leased to the caller */
  async claim(count: number): Promise<Claim> {
    // Most looks find nothing: they do not disturb the disk.
    if (!(await this.#database.look(() => this.#hasWork()))) return NOTHING;
    // A crash of the system that takes back the claim ends the worker, too.
    return this.#database.write(() => {
      const now = this.#now();
      const lost = this.#takeBack(now);
      const rows = this.#isPaused()
        ? []
        : this.#database.all(
            "SELECT * FROM jobs WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, num LIMIT ?",
            now,
            count,
          );
      return { claimed: rows.map(row => this.#begin(row, now)), lost };
    }, false);
  }

  /** @returns false: it is not the caller's any more */
  async renew({ id, fence }: Claimed): Promise<boolean> {
    return this.#change(
      'UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND state = ?4',
      ...[id, fence, this.#now() + this.#rules.leaseMs, 'active'],
    );
  }

  async tell({ id, fence }: Claimed, progress: JobProgress): Promise<boolean> {
    return this.#change(
      'UPDATE jobs SET progress = ?3 WHERE id = ?1 AND fence = ?2 AND state = ?4',
      ...[id, fence, JSON.stringify(progress), 'active'],
    );
  }

  /** What ends at about the same time is one transaction, which takes the disk as long as a single one. */
  complete(claimed: Claimed, result: JobData | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#ending.push({ claimed, result, resolve, reject });
      if (this.#ending.length === 1) setImmediate(() => void this.#completeAll());
    });
  }

  /** @param hopeless it is not to be tried again @returns undefined: it is not the caller's any more */
  async fail(
    { id, fence }: Claimed,
    problem: string,
    hopeless: boolean,
  ): Promise<{ readonly dead: boolean } | undefined> {
    return this.#database.write(() => {
      const row = this.#database.get(
        "SELECT * FROM jobs WHERE id = ? AND fence = ? AND state = 'active'",
        id,
        fence,
      );
      if (!row) return undefined;
      const now = this.#now();
      const failures = (row['failures'] as number) + 1;
      const tooOften = failures >= JOB_RULES.failures || (row['starts'] as number) >= this.#rules.starts;
      const dead = hopeless || tooOften;
      this.#database.run(
        `UPDATE jobs SET state = ?2, failures = ?3, problem = ?4, due_at = ?5, finished_at = ?6, lease_until = NULL
         WHERE id = ?1`,
        ...[id, dead ? 'dead' : 'waiting', failures, problem],
        ...[now + pauseAfter(failures, this.#rules.firstPauseMs), dead ? now : null],
      );
      return { dead };
    });
  }

  /** It is left for a worker that knows it. @returns undefined: it is not the caller's any more */
  async leave(claimed: Claimed): Promise<Left | undefined> {
    return this.#database.write(() => leaveJob(this.#database, claimed, this.#now(), this.#rules.unknownMs));
  }

  /** Another may begin it at once. */
  async giveBack({ id, fence }: Claimed): Promise<boolean> {
    return this.#change(
      `UPDATE jobs SET state = ?3, lease_until = NULL WHERE id = ?1 AND fence = ?2 AND state = ?4`,
      ...[id, fence, 'waiting', 'active'],
    );
  }

  /** Within a transaction. @returns false: there is one of this id */
  insert(id: string, { name, payload, delayMs = 0 }: JobRequest): boolean {
    return this.#insert({ id, name, payload: JSON.stringify(payload), dueAt: this.#now() + delayMs });
  }

  /** Within a transaction; also the next job of it. */
  schedule({ id, name, payload, everyMs }: JobSchedule): void {
    const given = JSON.stringify(payload);
    const kept = this.#database.get('SELECT * FROM schedules WHERE id = ?', id);
    const same = kept?.['every_ms'] === everyMs && kept['name'] === name && kept['payload'] === given;
    // Further off than that it was planned before the clock was set back.
    const now = this.#now();
    const farOff = kept !== undefined && isFarOff(kept['next_at'] as number, everyMs, now);
    if (same && !farOff) return;
    if (kept) this.unschedule(id);
    // Their times would count as over.
    if (farOff)
      this.#database.run(
        "DELETE FROM jobs WHERE schedule = ? AND state = 'completed' AND due_at > ?",
        id,
        now,
      );
    this.#database.run('INSERT INTO schedules VALUES (?, ?, ?, 0, ?)', id, name, everyMs, given);
    this.#plan({ id, name, payload: given, everyMs }, now);
  }

  /** Within a transaction; also the job of it that has not begun. */
  unschedule(id: string): boolean {
    this.#database.run("DELETE FROM jobs WHERE schedule = ? AND state = 'waiting' AND starts = 0", id);
    return this.#database.run('DELETE FROM schedules WHERE id = ?', id).changes > 0;
  }

  async #completeAll(): Promise<void> {
    const ending = this.#ending.splice(0);
    try {
      const now = this.#now();
      const done = await this.#database.write(() => ending.map(one => this.#complete(one, now)));
      for (const [i, one] of ending.entries()) one.resolve(done[i]!);
    } catch (error) {
      for (const one of ending) one.reject(error);
    }
  }

  #complete({ claimed: { id, fence }, result }: Ending, now: number): boolean {
    const { changes } = this.#database.run(
      `UPDATE jobs SET state = 'completed', finished_at = ?3, lease_until = NULL, problem = NULL, result = ?4
       WHERE id = ?1 AND fence = ?2 AND state = 'active'`,
      ...[id, fence, now, result === undefined ? null : JSON.stringify(result)],
    );
    if (changes > 0) this.#forgetOld(now);
    return changes > 0;
  }

  #hasWork(): boolean {
    const now = this.#now();
    const due = `EXISTS (SELECT 1 FROM jobs WHERE state = 'waiting' AND due_at <= ?1)
      AND (SELECT paused FROM switches) = 0`;
    const row = this.#database.get(
      `SELECT ${due} OR EXISTS (SELECT 1 FROM jobs WHERE state = 'active' AND ${this.#isOver()}) AS work`,
      ...[now, this.#latest(now)],
    );
    return row!['work'] === 1;
  }

  /** A lease that would last longer than any that is granted was granted before the clock was set back. */
  #isOver(): string {
    return '(lease_until <= ?1 OR lease_until > ?2)';
  }

  #latest(now: number): number {
    return now + 2 * this.#rules.leaseMs;
  }

  /** What nobody does any more waits again. */
  #takeBack(now: number): readonly string[] {
    const rows = this.#database.all(
      `SELECT id, starts FROM jobs WHERE state = 'active' AND ${this.#isOver()}`,
      ...[now, this.#latest(now)],
    );
    for (const { id, starts } of rows) {
      const dead = (starts as number) >= this.#rules.starts;
      this.#database.run(
        'UPDATE jobs SET state = ?2, problem = coalesce(?3, problem), finished_at = ?4, lease_until = NULL WHERE id = ?1',
        ...[id!, dead ? 'dead' : 'waiting', dead ? BEGUN_TOO_OFTEN : null, dead ? now : null],
      );
    }
    return rows.map(row => row['id'] as string);
  }

  #begin(row: Row, now: number): Claimed {
    const [id, name] = [row['id'] as string, row['name'] as string];
    const [fence, attempt] = [(row['fence'] as number) + 1, (row['starts'] as number) + 1];
    this.#database.run(
      `UPDATE jobs SET state = 'active', fence = ?2, starts = ?3, lease_until = ?4, started_at = ?5, progress = NULL
       WHERE id = ?1`,
      ...[id, fence, attempt, now + this.#rules.leaseMs, now],
    );
    if (attempt === 1 && row['schedule'] !== null) this.#planNext(row, now);
    return { id, fence, name, attempt, payload: readData(row['payload']) ?? {} };
  }

  /** The job after this one, unless the schedule has changed since. Times that were missed are left out. */
  #planNext({ schedule, id }: Row, now: number): void {
    const row = this.#database.get('SELECT * FROM schedules WHERE id = ?', schedule!);
    if (!row || id !== idOf(row['id'] as string, row['next_at'] as number)) return;
    const everyMs = row['every_ms'] as number;
    const [name, payload] = [row['name'] as string, row['payload'] as string];
    this.#plan({ id: row['id'] as string, name, payload, everyMs }, Math.max(now, row['next_at'] as number));
  }

  /** Adds its next job, at a multiple of its interval that has none yet. */
  #plan(
    { id, name, payload, everyMs }: Omit<JobSchedule, 'payload'> & { readonly payload: string },
    after: number,
  ): void {
    let dueAt = (Math.floor(after / everyMs) + 1) * everyMs;
    while (!this.#insert({ id: idOf(id, dueAt), name, payload, dueAt, schedule: id })) dueAt += everyMs;
    this.#database.run('UPDATE schedules SET next_at = ? WHERE id = ?', dueAt, id);
  }

  #insert(job: {
    readonly id: string;
    readonly name: string;
    readonly payload: string;
    readonly dueAt: number;
    readonly schedule?: string;
  }): boolean {
    const { changes } = this.#database.run(
      `INSERT INTO jobs (id, name, state, schedule, due_at, fence, starts, failures, created_at, payload)
       VALUES (?, ?, 'waiting', ?, ?, 0, 0, 0, ?, ?) ON CONFLICT (id) DO NOTHING`,
      ...[job.id, job.name, job.schedule ?? null, job.dueAt, this.#now(), job.payload],
    );
    return changes > 0;
  }

  #isPaused(): boolean {
    return this.#database.get('SELECT paused FROM switches')!['paused'] === 1;
  }

  #forgetOld(now: number): void {
    if (this.#completed++ % TIDY_EVERY !== 0) return;
    this.#database.run(
      `DELETE FROM jobs WHERE state = 'completed' AND (finished_at < ? OR num IN
         (SELECT num FROM jobs WHERE state = 'completed' ORDER BY finished_at DESC LIMIT -1 OFFSET ?))`,
      ...[now - JOB_RULES.kept.ageMs, JOB_RULES.kept.count],
    );
  }

  /** One statement that a crash of the system may take back. */
  async #change(sql: string, ...params: (string | number)[]): Promise<boolean> {
    return this.#database.write(() => this.#database.run(sql, ...params).changes > 0, false);
  }
}

/** Of the job that a schedule adds for a time; as BullMQ names them. */
function idOf(schedule: string, at: number): string {
  return `repeat:${schedule}:${at}`;
}
