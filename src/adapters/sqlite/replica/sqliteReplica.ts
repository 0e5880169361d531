import type { MemoryStore } from '../../../engine/ports/memoryStore.ts';
import type { CentralState, Change, LogEntry, Replica } from '../../../engine/ports/replica.ts';
import type { AccessCounter } from '../accessCounter.ts';
import type { Database } from '../database.ts';
import type { Outbox } from './outbox.ts';
import { POSITION, type RehearsalDatabase } from './rehearsalDatabase.ts';
import type { Replayer } from './replayer.ts';
import type { Travelling } from './travelling.ts';

const LOG_ID = 'central_log';

export interface ReplicaParts {
  readonly database: Database;
  readonly access: AccessCounter;
  readonly replayer: Replayer;
  readonly outbox: Outbox;
  /** A store whose changes are taken back, and the connection it uses. */
  readonly rehearsal: { readonly memories: MemoryStore; readonly database: RehearsalDatabase };
}

/** See `Replica`. */
export class SqliteReplica implements Replica {
  readonly #parts: ReplicaParts;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
  }

  async position(): Promise<number> {
    return Number((await this.#meta(POSITION)) ?? 0);
  }

  async logId(): Promise<string | undefined> {
    return this.#meta(LOG_ID);
  }

  async follow(logId: string): Promise<void> {
    await this.#parts.database.write(() => this.#setMeta(LOG_ID, logId));
  }

  async rehearse<T>(
    work: (store: MemoryStore) => Promise<T>,
  ): Promise<{ outcome: T; changes: readonly Change[]; position: number }> {
    const { database, memories } = this.#parts.rehearsal;
    database.forget();
    const outcome = await work(memories);
    return { outcome, ...database.rehearsed };
  }

  async apply(entries: readonly LogEntry[]): Promise<void> {
    const { access, outbox, replayer } = this.#parts;
    const follow = () => {
      const position = Number(this.#read(POSITION) ?? 0);
      // Another process of this machine may have been here first.
      const news = entries.filter(entry => entry.position > position);
      if (news.length === 0) return;
      const travelling = news.map(({ entry }) => JSON.parse(entry) as Travelling);
      const own = travelling.filter(({ operation }) => replayer.knows(operation['id'] as string));
      outbox.settle(own.map(({ operation }) => operation['id'] as string));
      outbox.follow(travelling.filter(one => !own.includes(one)));
      this.#setMeta(POSITION, String(news.at(-1)!.position));
    };
    // The log has them: what a crash takes back here, outbox and position with it, comes from there once more.
    await access.write(follow, false);
  }

  async adopt(states: readonly CentralState[], position?: number): Promise<void> {
    const { access, outbox } = this.#parts;
    await access.write(() => {
      outbox.adopt(states);
      if (position !== undefined) this.#setMeta(POSITION, String(position));
    });
  }

  async hold(changes: readonly Change[]): Promise<void> {
    await this.#parts.access.write(() => this.#parts.outbox.hold(changes));
  }

  async waiting(limit: number): Promise<{ changes: readonly Change[]; position: number }> {
    return this.#parts.database.read(() => ({
      changes: this.#parts.outbox.waiting(limit),
      position: Number(this.#read(POSITION) ?? 0),
    }));
  }

  async countWaiting(): Promise<number> {
    return this.#parts.database.look(() => this.#parts.outbox.count);
  }

  async flush(): Promise<void> {
    await this.#parts.access.flush();
  }

  async #meta(key: string): Promise<string | undefined> {
    return this.#parts.database.look(() => this.#read(key));
  }

  #read(key: string): string | undefined {
    return this.#parts.database.get('SELECT value FROM meta WHERE key = ?', key)?.['value'] as
      | string
      | undefined;
  }

  #setMeta(key: string, value: string): void {
    this.#parts.database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', key, value);
  }
}
