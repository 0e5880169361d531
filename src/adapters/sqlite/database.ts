import { type Bindable, bind } from './bind.ts';
import type { Driver, Row, RunResult, Statement } from './driver.ts';
import { busy, isLocked, SQLITE, translate } from './sqliteError.ts';
import { currentTurn } from './turn.ts';

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
  /** Called before each change, and before reads once a turn. */
  before: (() => void) | undefined;
  /** Called when what was replaced here must not be found in any copy. Never rejects. */
  conceal: (() => Promise<void>) | undefined;
  /** Throws where the file at the path is not the one that is open any more. Asked as `before`. */
  demandFile: (() => void) | undefined;
  readonly #deadlineMs: number;
  readonly #statements = new Map<string, Statement>();
  #latest: { readonly sql: string; readonly statement: Statement } | undefined;
  #closed = false;
  #checkedIn = -1;
  #overwrites: 'now' | 'later' | undefined;

  constructor(driver: Driver, path: string, deadlineMs: number) {
    this.driver = driver;
    this.path = path;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * One durable change: all of `work` or nothing. `work` is synchronous, so that nothing else of this process gets between.
   * @param durable false: a crash of the system may take back this change and those after it, up to the next durable one
   */
  async write<T>(work: () => T, durable = true): Promise<T> {
    this.recheck();
    const result = await this.patiently(() => {
      // The log is flushed with the next durable change, and before SQLite copies it into the file.
      if (!durable) this.driver.exec('PRAGMA synchronous = NORMAL');
      try {
        return this.#commit(work);
      } finally {
        if (!durable) this.driver.exec('PRAGMA synchronous = FULL');
      }
    });
    await this.overwrite();
    return result;
  }

  /** One consistent look at the store, in several statements. */
  read<T>(work: () => T): Promise<T> {
    return this.patiently(() => {
      this.driver.exec('BEGIN');
      try {
        return work();
      } finally {
        this.rollback();
      }
    });
  }

  /** A single statement outside any transaction: a read, which is consistent by itself, a pragma or a VACUUM. */
  look<T>(work: () => T): Promise<T> {
    return this.patiently(work);
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

  /**
   * SQLite overwrites in the file what is replaced; what the log and copies have of it goes with the change that follows, or that is
   * being made.
   * @param when `now`: the change waits for it, up to the deadline. `later`: each tries, until one finds no other process reading
   */
  overwriteLog(when: 'now' | 'later'): void {
    if (this.#overwrites !== 'now') this.#overwrites = when;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#latest = undefined;
    this.driver.close();
  }

  #commit<T>(work: () => T): T {
    this.driver.exec('BEGIN IMMEDIATE');
    try {
      const done = work();
      this.driver.exec('COMMIT');
      return done;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** To be called before each change: it shares no look of this turn. */
  protected recheck(): void {
    this.#checkedIn = -1;
  }

  #check(): void {
    this.demandFile?.();
    this.before?.();
    this.#checkedIn = currentTurn();
  }

  #statement(sql: string): Statement {
    // Many alike follow each other, and to move one to the end takes longer than to find it.
    if (this.#latest?.sql === sql) return this.#latest.statement;
    const statement = this.#statements.get(sql) ?? this.driver.prepare(sql);
    this.#latest = { sql, statement };
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MAX_STATEMENTS)
      this.#statements.delete(this.#statements.keys().next().value!);
    return statement;
  }

  /** To be called after each change. */
  protected async overwrite(): Promise<void> {
    const when = this.#overwrites;
    if (when === undefined) return;
    this.#overwrites = undefined;
    await this.conceal?.();
    try {
      await this.patiently(
        () => {
          const { busy } = this.get('PRAGMA wal_checkpoint(TRUNCATE)')!;
          if (busy) throw Object.assign(new Error('The log is being read.'), { errcode: SQLITE.BUSY });
        },
        when === 'now' ? this.#deadlineMs : 0,
      );
    } catch {
      // The change itself is durable.
      this.overwriteLog('later');
    }
  }

  protected rollback(): void {
    try {
      this.driver.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself after a full disk or an I/O error.
    }
  }

  /** Tries again while the file is locked, up to the deadline. */
  protected async patiently<T>(work: () => T, deadlineMs = this.#deadlineMs): Promise<T> {
    const started = performance.now();
    for (let pause = 1; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
      try {
        if (this.#checkedIn !== currentTurn()) this.#check();
        return work();
      } catch (error) {
        if (!isLocked(error)) throw translate(error, this.path);
        const waited = performance.now() - started;
        if (waited > deadlineMs) throw busy(this.path, Math.round(waited));
        await new Promise(resolve => setTimeout(resolve, pause * (0.5 + Math.random())));
      }
    }
  }
}
