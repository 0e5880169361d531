import type { MemoryStore } from '../../../engine/ports/memoryStore.ts';
import type {
  Accesses,
  CentralState,
  Change,
  LogEntry,
  Rehearsed,
  Replica,
  Standing,
} from '../../../engine/ports/replica.ts';
import type { AccessCounter } from '../accessCounter.ts';
import type { Database } from '../database.ts';
import type { Outbox } from './outbox.ts';
import { POSITION, positionText, type RehearsalDatabase, readPosition } from './rehearsalDatabase.ts';
import type { Replayer } from './replayer.ts';
import { takeAccesses, waitingAccesses } from './sharedAccesses.ts';
import type { Travelling } from './travelling.ts';
import { upToUnreadable } from './upToUnreadable.ts';

const LOG_ID = 'central_log';
/** One statement: it is asked before each read. */
const STANDING =
  'SELECT (SELECT value FROM meta WHERE key = ?) AS place, (SELECT count(*) FROM outbox) AS waiting';

/** A store on a connection of its own, whose changes are decided upon. */
export interface Rehearsal {
  readonly memories: MemoryStore;
  readonly database: RehearsalDatabase;
}

export interface ReplicaParts {
  readonly database: Database;
  readonly access: AccessCounter;
  readonly replayer: Replayer;
  readonly outbox: Outbox;
  /** Opened by the first change. */
  readonly openRehearsal: () => Promise<Rehearsal>;
}

/** See `Replica`. */
export class SqliteReplica implements Replica {
  readonly #parts: ReplicaParts;
  #rehearsal: Promise<Rehearsal> | undefined;
  #rehearsedOn: number | undefined;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
  }

  async position(): Promise<number> {
    return readPosition(await this.#meta(POSITION)).position;
  }

  async lastOperation(): Promise<string | undefined> {
    return readPosition(await this.#meta(POSITION)).operationId;
  }

  async logId(): Promise<string | undefined> {
    return this.#meta(LOG_ID);
  }

  async follow(logId: string): Promise<void> {
    await this.#parts.database.write(() => this.#setMeta(LOG_ID, logId));
  }

  async rehearse<T>(
    work: (store: MemoryStore) => Promise<T>,
    decide: (rehearsed: Rehearsed) => Promise<boolean>,
  ): Promise<T> {
    this.#rehearsal ??= this.#parts.openRehearsal().catch(error => {
      this.#rehearsal = undefined;
      throw error;
    });
    const { database, memories } = await this.#rehearsal;
    try {
      return await database.rehearse(() => work(memories), decide);
    } finally {
      this.#rehearsedOn = database.found;
      await this.#parts.access.flush();
    }
  }

  get rehearsedOn(): number | undefined {
    return this.#rehearsedOn;
  }

  async close(): Promise<void> {
    (await this.#rehearsal?.catch(() => undefined))?.database.close();
  }

  async apply(entries: readonly LogEntry[]): Promise<void> {
    await upToUnreadable(
      entries,
      some => this.#apply(some),
      ({ position }) => ({
        subject: `Entry ${position} of the central log`,
        fix: 'Nobody goes past it: restore a backup of Redis, or pass over it as docs/operations.md says.',
      }),
    );
  }

  async #apply(entries: readonly LogEntry[]): Promise<void> {
    const { access, outbox, replayer } = this.#parts;
    const follow = () => {
      const { position } = readPosition(this.#read(POSITION));
      // Another process of this machine may have been here first.
      const news = entries.filter(entry => entry.position > position);
      if (news.length === 0) return;
      const travelling = news.map(({ entry }) => JSON.parse(entry) as Travelling);
      const own = travelling.filter(({ operation }) => replayer.knows(operation['id'] as string));
      outbox.settle(own);
      outbox.follow(travelling.filter(one => !own.includes(one)));
      this.#setMeta(
        POSITION,
        positionText(news.at(-1)!.position, travelling.at(-1)!.operation['id'] as string),
      );
    };
    // The log has them: what a crash takes back here, outbox and position with it, comes from there once more.
    await access.write(follow, false);
  }

  async adopt(states: readonly CentralState[], position?: number): Promise<void> {
    const { access, outbox } = this.#parts;
    await upToUnreadable(
      states,
      some => access.write(() => outbox.adopt(some)),
      ({ state }) => ({
        subject: `The memory ${state['id'] ?? '?'} in the central Redis`,
        fix: 'Change it on a machine that has it, which writes it anew, or see docs/operations.md.',
      }),
    );
    if (position !== undefined) await access.write(() => this.#setMeta(POSITION, positionText(position)));
  }

  async hold(changes: readonly Change[]): Promise<void> {
    await this.#parts.access.write(() => this.#parts.outbox.hold(changes));
  }

  async waiting(limit: number): Promise<{ changes: readonly Change[]; position: number }> {
    return this.#parts.database.read(() => ({
      changes: this.#parts.outbox.waiting(limit),
      position: readPosition(this.#read(POSITION)).position,
    }));
  }

  async standing(): Promise<Standing> {
    const { database } = this.#parts;
    const { place, waiting } = await database.look(() => database.get(STANDING, POSITION)!);
    return { position: readPosition(place).position, waiting: waiting as number };
  }

  async flush(): Promise<void> {
    await this.#parts.access.flush();
  }

  async waitingAccesses(limit: number): Promise<{ counted: readonly Accesses[]; from: number }> {
    const { database } = this.#parts;
    return database.read(() => waitingAccesses(database, limit));
  }

  async takeAccesses(counted: readonly Accesses[], totals: readonly Accesses[], to: number): Promise<void> {
    const { database } = this.#parts;
    // What a crash of the system takes back are a few counts.
    await database.write(() => takeAccesses(database, counted, totals, to), false);
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
