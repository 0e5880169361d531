import type { Lease, LeaseStore } from '../../engine/ports/leaseStore.ts';
import type { Database } from './database.ts';

export class SqliteLeaseStore implements LeaseStore {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const heldByAnother = () => {
      const row = this.#database.get('SELECT holder, expires_at FROM leases WHERE name = ?', name);
      if (row === undefined || row['holder'] === holder) return false;
      const left = (row['expires_at'] as number) - this.#now();
      // One that would last so long was granted before the clock was set back.
      return left > 0 && left <= 2 * ttlMs;
    };
    // Most askers are refused: they do not disturb the disk.
    if (await this.#database.look(heldByAnother)) return undefined;
    return this.#database.write(() => {
      if (heldByAnother()) return undefined;
      const expiresAt = this.#now() + ttlMs;
      this.#database.run(
        `INSERT INTO leases (name, holder, fence, expires_at) VALUES (?1, ?2, 1, ?3)
         ON CONFLICT (name) DO UPDATE SET fence = fence + (holder <> ?2 OR expires_at <= ?4), holder = ?2, expires_at = ?3`,
        name,
        holder,
        expiresAt,
        this.#now(),
      );
      const fence = this.#database.get('SELECT fence FROM leases WHERE name = ?', name)!['fence'] as number;
      return { name, holder, fence, expiresAt };
    });
  }

  async release(name: string, holder: string): Promise<void> {
    await this.#database.write(() =>
      // The fence stays, so that the next holder's is higher.
      this.#database.run('UPDATE leases SET expires_at = 0 WHERE name = ? AND holder = ?', name, holder),
    );
  }
}
