import { setImmediate as others } from 'node:timers/promises';
import type { Logger } from '../../engine/ports/logger.ts';
import { noteUses } from './addUses.ts';
import type { Database } from './database.ts';
import { noteUser } from './memoryUsers.ts';

const FLUSH_MS = 5_000;
/** Memories at once: a few milliseconds, after which others may run. */
const MOST = 100;

interface Uses {
  readonly count: number;
  readonly at: number;
  readonly users: readonly string[];
}
type Counts = Map<string, Uses>;

/**
 * Collects accesses in memory and writes them with the next change, or after some seconds, so that no recall waits for the disk.
 * A crash loses a few counts.
 */
export class AccessCounter {
  readonly #database: Database;
  readonly #logger: Logger;
  #counts: Counts = new Map();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  add(ids: readonly string[], at: number, user?: string): void {
    const users = user === undefined ? [] : [user];
    for (const id of ids) this.#count(id, { count: 1, at, users });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /**
   * One change that takes counts along; they stay when it fails.
   * @param durable see `Database.write`
   */
  async write<T>(work: () => T, durable = true): Promise<T> {
    const counts = this.#take();
    try {
      return await this.#database.write(() => {
        this.#store(counts);
        return work();
      }, durable);
    } catch (error) {
      for (const [id, uses] of counts) this.#count(id, uses);
      throw error;
    }
  }

  /** Never rejects: what cannot be counted is logged and forgotten. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      for (let left = this.#counts.size; left > 0; left -= MOST) {
        // What a crash of the system takes back are a few counts.
        await this.write(() => {}, false);
        if (left > MOST) await others();
      }
    } catch (error) {
      this.#counts = new Map();
      this.#logger.debug('access counts were not written', { reason: (error as Error).message });
    }
  }

  #take(): Counts {
    const taken: Counts = new Map();
    for (const [id, uses] of this.#counts) {
      if (taken.size === MOST) break;
      taken.set(id, uses);
      this.#counts.delete(id);
    }
    return taken;
  }

  #count(id: string, { at, count, users }: Uses): void {
    const known = this.#counts.get(id);
    const more = users.filter(user => !known?.users.includes(user));
    this.#counts.set(id, {
      count: count + (known?.count ?? 0),
      at: Math.max(at, known?.at ?? 0),
      users: [...(known?.users ?? []), ...more],
    });
  }

  #store(counts: Counts): void {
    for (const [id, { at, count, users }] of counts) {
      this.#database.run(
        'UPDATE memories SET access_count = access_count + ?, accessed_at = max(accessed_at, ?) WHERE id = ?',
        count,
        at,
        id,
      );
      noteUses(this.#database, id, count, at);
      for (const user of users) noteUser(this.#database, id, user, at);
    }
  }
}
