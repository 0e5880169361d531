import type { Logger } from '../../engine/ports/logger.ts';
import type { Database } from './database.ts';

const FLUSH_MS = 5_000;

/** Collects accesses in memory and writes them together, so that no recall waits for the disk. A crash loses a few counts. */
export class AccessCounter {
  readonly #database: Database;
  readonly #logger: Logger;
  #counts = new Map<string, { count: number; at: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  add(ids: readonly string[], at: number): void {
    for (const id of ids) this.#counts.set(id, { count: (this.#counts.get(id)?.count ?? 0) + 1, at });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Never rejects: what cannot be counted is logged and forgotten. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#counts.size === 0) return;
    const counts = this.#counts;
    this.#counts = new Map();
    try {
      await this.#database.write(() => {
        for (const [id, { count, at }] of counts) {
          this.#database.run(
            'UPDATE memories SET access_count = access_count + ?, accessed_at = max(accessed_at, ?) WHERE id = ?',
            count,
            at,
            id,
          );
        }
      });
    } catch (error) {
      this.#logger.debug('access counts were not written', { reason: (error as Error).message });
    }
  }
}
