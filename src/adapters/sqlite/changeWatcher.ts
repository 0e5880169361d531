import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Database } from './database.ts';

/** Several writes in quick succession are one change to those who watch. */
const SETTLE_MS = 15;
/**
 * A change is written into the file first, and readers see it once the disk has it, of which the file system says nothing. So it is looked
 * again, each time after twice as long, up to this: two seconds in all.
 */
const LAST_LOOK_MS = 960;
/** Where the file system's notices come late or not at all. 10 µs a look. */
const POLL_MS = 200;
/** Changes with every operation and every stored embedding; checkpoints and leases leave it alone. */
const MEMORIES = `SELECT (SELECT max(seq) FROM operations) || '/' ||
  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'embeddings'), 0) AS state`;

/**
 * Tells when this or another process changed the store. The file system's own notice of the `-wal` file is used, by name: opening
 * the file here would drop SQLite's locks. Nothing runs while nobody watches.
 */
export class ChangeWatcher implements Disposable {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #query: string;
  readonly #callbacks = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;
  /** How long that takes. */
  #settleMs = 0;
  #seen = '';

  /** @param query gives one row with `state`, which is another after each change that is watched for; default: of memories */
  constructor(database: Database, logger: Logger, query: string = MEMORIES) {
    this.#database = database;
    this.#logger = logger;
    this.#query = query;
  }

  add(callback: () => void): Disposable {
    if (this.#callbacks.size === 0) this.#start();
    // A copy of the function, so that the same callback may be added twice.
    const own = () => callback();
    this.#callbacks.add(own);
    return {
      [Symbol.dispose]: () => {
        if (this.#callbacks.delete(own) && this.#callbacks.size === 0) this.#stop();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#callbacks.clear();
    this.#stop();
  }

  #start(): void {
    this.#seen = this.#state();
    const wal = `${basename(this.#database.path)}-wal`;
    try {
      this.#watcher = watch(dirname(this.#database.path), { persistent: false }, (_, name) => {
        if (name === null || name === wal) this.#notice();
      });
      this.#watcher.on('error', error => this.#fallBack(error));
      if (process.platform !== 'linux') this.#look();
    } catch (error) {
      this.#fallBack(error as Error);
    }
  }

  #fallBack(error: Error): void {
    this.#logger.info('the folder cannot be watched; looking every 200 ms', { reason: error.message });
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#look();
  }

  #look(): void {
    this.#poll ??= setInterval(() => this.#notice(), POLL_MS).unref();
  }

  #stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearInterval(this.#poll);
    this.#poll = undefined;
    clearTimeout(this.#settle);
    this.#settle = undefined;
  }

  #notice(): void {
    if (this.#settle === undefined || this.#settleMs > SETTLE_MS) this.#lookIn(SETTLE_MS);
  }

  #lookIn(ms: number): void {
    clearTimeout(this.#settle);
    this.#settleMs = ms;
    this.#settle = setTimeout(() => {
      this.#settle = undefined;
      const state = this.#state();
      if (state !== this.#seen) {
        this.#seen = state;
        for (const callback of [...this.#callbacks]) callback();
      }
      // A callback may have ended the watching.
      const watches = this.#callbacks.size > 0 && this.#poll === undefined;
      if (watches && ms < LAST_LOOK_MS) this.#lookIn(2 * ms);
    }, ms).unref();
  }

  #state(): string {
    try {
      return String(this.#database.get(this.#query)?.['state']);
    } catch {
      // Locked at this moment: the next notice looks again.
      return this.#seen;
    }
  }
}
