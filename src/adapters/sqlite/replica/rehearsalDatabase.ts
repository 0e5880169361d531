import type { Logger } from '../../../engine/ports/logger.ts';
import type { Rehearsed } from '../../../engine/ports/replica.ts';
import { Database } from '../database.ts';
import type { Driver } from '../driver.ts';
import { changeOf } from './travelling.ts';

/** Key in `meta` of the last entry of the central log that is here: its position, and its operation where that is known. */
export const POSITION = 'central_position';

export function positionText(position: number, operationId = ''): string {
  return `${position} ${operationId}`;
}

export function readPosition(text: unknown): { readonly position: number; readonly operationId?: string } {
  const [position, operationId] = String(text ?? '0 ').split(' ');
  return { position: Number(position), ...(operationId && { operationId }) };
}

/** In one statement: it is asked before each change. */
const STATE = `SELECT (SELECT max(seq) FROM operations) AS seq, (SELECT value FROM meta WHERE key = ?) AS position,
  EXISTS (SELECT 1 FROM outbox) AS waits`;

/** Whether a change is kept. */
export type Decide = (rehearsed: Rehearsed) => Promise<boolean>;

/**
 * A connection on which a change stays open until it is decided whether it is kept. Nobody else writes meanwhile. One change at a
 * time.
 */
export class RehearsalDatabase extends Database {
  readonly #logger: Logger;
  #decide: Decide = async () => false;
  #found: number | undefined;

  constructor(driver: Driver, path: string, deadlineMs: number, logger: Logger) {
    super(driver, path, deadlineMs);
    this.#logger = logger;
    // The central log has what is kept here: after a crash of the system it comes from there once more.
    driver.exec('PRAGMA synchronous = NORMAL');
  }

  /** Does `work`, which makes one change. */
  async rehearse<T>(work: () => Promise<T>, decide: Decide): Promise<T> {
    this.#decide = decide;
    this.#found = undefined;
    return work();
  }

  /** Position that the last change found; undefined when none was tried. */
  get found(): number | undefined {
    return this.#found;
  }

  override async write<T>(work: () => T): Promise<T> {
    this.recheck();
    const { result, rehearsed } = await this.patiently(() => this.#begin(work));
    let kept = false;
    try {
      kept = await this.#decide(rehearsed);
    } finally {
      if (!kept) this.rollback();
    }
    if (kept) await this.#commit();
    return result;
  }

  #begin<T>(work: () => T): { result: T; rehearsed: Rehearsed } {
    this.driver.exec('BEGIN IMMEDIATE');
    try {
      const before = this.get(STATE, POSITION)!;
      const { position } = readPosition(before['position']);
      const waits = before['waits'] === 1;
      this.#found = position;
      const result = work();
      const operations = this.all('SELECT * FROM operations WHERE seq > ? ORDER BY seq', before['seq'] ?? 0);
      const changes = operations.map(row => changeOf(this, row));
      const there = positionText(position + changes.length, changes.at(-1)?.id);
      this.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', POSITION, there);
      return { result, rehearsed: { changes, position, waits } };
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  async #commit(): Promise<void> {
    try {
      this.driver.exec('COMMIT');
    } catch (error) {
      this.rollback();
      // It is in the central log, which is what was promised; the replica follows with the next read.
      this.#logger.warn('the replica could not follow', { reason: (error as Error).message });
    }
    await this.overwrite();
  }
}
