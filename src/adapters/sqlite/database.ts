import { type Bindable, bind } from './bind.ts';
import type { Driver, Row, RunResult, Statement } from './driver.ts';
import { busy, SQLITE, sqliteCode, translate } from './sqliteError.ts';

const MAX_PAUSE_MS = 25;
/** Filters make many statements: the least recently used ones go. */
const MAX_STATEMENTS = 100;

/**
 * One connection with cached statements. A locked file never holds the event loop: SQLite itself does not wait, the waiting is
 * asynchronous and ends at a deadline with `unavailable`.
 */
export class Database {
  readonly path: string;
  readonly driver: Driver;
  readonly #deadlineMs: number;
  readonly #statements = new Map<string, Statement>();
  #closed = false;
  #overwritesLog = false;

  constructor(driver: Driver, path: string, deadlineMs: number) {
    this.driver = driver;
    this.path = path;
    this.#deadlineMs = deadlineMs;
  }

  /** One durable change: all of `work` or nothing. `work` is synchronous, so that nothing else of this process gets between. */
  async write<T>(work: () => T): Promise<T> {
    return this.#patiently(() => {
      this.driver.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        this.driver.exec('COMMIT');
        this.#truncateLog();
        return result;
      } catch (error) {
        this.#rollback();
        throw error;
      }
    });
  }

  /** One consistent look at the store, in several statements. */
  async read<T>(work: () => T): Promise<T> {
    return this.#patiently(() => {
      this.driver.exec('BEGIN');
      try {
        return work();
      } finally {
        this.#rollback();
      }
    });
  }

  /** A single statement outside any transaction: a read, which is consistent by itself, a pragma or a VACUUM. */
  async look<T>(work: () => T): Promise<T> {
    return this.#patiently(work);
  }

  run(sql: string, ...params: readonly Bindable[]): RunResult {
    return this.#statement(sql).run(bind(params));
  }

  get(sql: string, ...params: readonly Bindable[]): Row | undefined {
    return this.#statement(sql).get(bind(params));
  }

  all(sql: string, ...params: readonly Bindable[]): readonly Row[] {
    return this.#statement(sql).all(bind(params));
  }

  /** SQLite overwrites in the file what is replaced; what the log has of it goes once this transaction is committed. */
  overwriteLog(): void {
    this.#overwritesLog = true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.driver.close();
  }

  #statement(sql: string): Statement {
    const statement = this.#statements.get(sql) ?? this.driver.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAX_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value!);
    return statement;
  }

  /** As far as no other process reads in it just now. */
  #truncateLog(): void {
    if (!this.#overwritesLog) return;
    this.#overwritesLog = false;
    try {
      this.get('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Another process is at it: the log is overwritten when it is next begun anew.
    }
  }

  #rollback(): void {
    try {
      this.driver.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself after a full disk or an I/O error.
    }
  }

  async #patiently<T>(work: () => T): Promise<T> {
    const started = performance.now();
    for (let pause = 1; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      try {
        return work();
      } catch (error) {
        const code = sqliteCode(error);
        if (code !== SQLITE.BUSY && code !== SQLITE.LOCKED) throw translate(error, this.path);
        const waited = performance.now() - started;
        if (waited > this.#deadlineMs) throw busy(this.path, Math.round(waited));
        await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())));
      }
    }
  }
}
