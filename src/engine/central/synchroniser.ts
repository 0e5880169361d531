import { MemoryError } from '../errors.ts';
import type { CentralLog } from '../ports/centralLog.ts';
import type { Logger } from '../ports/logger.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { Change, Replica } from '../ports/replica.ts';

/** Entries that are fetched at once. */
const FETCHED = 500;
/** Changes that are appended at once. */
const APPENDED = 100;
/** Memories that are taken over at once. */
const ADOPTED = 200;
/** How long a change is tried again when others were faster, ms; each time one of them has got through. */
const GIVE_UP_MS = 10_000;
/** How often it is looked whether the log is back, at most. */
const RETRY_MS = 1_000;

/** Keeps a replica level with the central log, and brings changes from here to there: at once, or when it is in reach again. */
export class Synchroniser {
  readonly #log: CentralLog;
  readonly #replica: Replica;
  readonly #logger: Logger;
  #problem: string | undefined;
  #triedAt = 0;
  /** It is the log that the replica follows, as far as the connection lasts. */
  #knowsLog = false;
  #running: Promise<void> | undefined;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(log: CentralLog, replica: Replica, logger: Logger) {
    this.#log = log;
    this.#replica = replica;
    this.#logger = logger;
  }

  /** Why the central log is out of reach; undefined while it answers. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Before a read: what others have appended is here then. While the log is out of reach, the replica answers as it is. */
  async refresh(): Promise<void> {
    if (this.#problem !== undefined) {
      // Nobody waits for what may not come.
      if (performance.now() - this.#triedAt > RETRY_MS) void this.catchUp().catch(() => {});
      return;
    }
    await this.catchUp().catch(() => {});
  }

  /** Calls that come while one is under way share the next: what they must see may have come too late for this one. */
  async catchUp(): Promise<void> {
    await this.#running?.catch(() => {});
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /**
   * Makes a change: rehearsed here, appended there, applied here. Where others were faster, it is rehearsed on what they left. While the
   * log is out of reach it is done here and waits. Rejects with whatever the change itself is refused for.
   */
  async change<T>(work: (store: MemoryStore) => Promise<T>): Promise<T> {
    // One after another: changes of one process would only overtake each other.
    const turn = this.#changing.then(() => this.#change(work));
    this.#changing = turn.catch(() => {});
    return turn;
  }

  async flush(): Promise<void> {
    await this.#replica.flush();
  }

  async #change<T>(work: (store: MemoryStore) => Promise<T>): Promise<T> {
    const began = performance.now();
    do {
      const from = await this.#replica.position();
      try {
        const { outcome, changes, position } = await this.#replica.rehearse(work);
        if (changes.length > 0) {
          if (await this.#bring(changes, position)) return outcome;
        } else if (!(await this.#movedFrom(from))) return outcome;
      } catch (error) {
        if (!MemoryError.is(error) || !(await this.#movedFrom(from))) throw error;
      }
    } while (performance.now() - began < GIVE_UP_MS);
    throw new MemoryError(
      'unavailable',
      `Others were faster in the central memory for ${GIVE_UP_MS / 1000} s; nothing was changed.`,
      'Try again.',
    );
  }

  /** That nothing is to be done, or that it may not be, holds only where the replica was level with the log. */
  async #movedFrom(position: number): Promise<boolean> {
    await this.refresh();
    return (await this.#replica.position()) !== position;
  }

  /** @returns false when it is to be rehearsed anew: others were faster, or something waited */
  async #bring(changes: readonly Change[], position: number): Promise<boolean> {
    if ((await this.#replica.countWaiting()) > 0) {
      // What waits comes first.
      await this.refresh();
      if (this.#problem === undefined) return false;
    } else if (this.#problem === undefined) {
      try {
        if (await this.#append(changes, position)) return true;
        await this.refresh();
        return false;
      } catch (error) {
        // It may have been appended all the same, with its answer lost: then it is known by its id, and does not wait long.
        this.#lost(error);
      }
    }
    try {
      await this.#replica.hold(changes);
      return true;
    } catch (error) {
      if (MemoryError.is(error, 'conflict')) return false;
      throw error;
    }
  }

  async #append(changes: readonly Change[], position: number): Promise<boolean> {
    if (!(await this.#log.append(changes, position))) return false;
    const entries = changes.map(({ entry }, i) => ({ position: position + 1 + i, entry }));
    try {
      await this.#replica.apply(entries);
    } catch (error) {
      // It is in the log, which is what was promised; the replica follows with the next read.
      this.#logger.warn('the replica could not follow', { reason: (error as Error).message });
    }
    return true;
  }

  async #run(): Promise<void> {
    this.#triedAt = performance.now();
    try {
      if (!this.#knowsLog) await this.#checkLog();
      this.#knowsLog = true;
      for (;;) {
        await this.#fetch();
        if ((await this.#replica.countWaiting()) === 0) break;
        const { changes, position } = await this.#replica.waiting(APPENDED);
        if (await this.#append(changes, position))
          this.#logger.debug('brought what waited', { changes: changes.length });
      }
      if (this.#problem !== undefined) this.#logger.info('the central memory is back', {});
      this.#problem = undefined;
    } catch (error) {
      this.#lost(error);
      throw error;
    }
  }

  async #fetch(): Promise<void> {
    for (;;) {
      const entries = await this.#log.after(await this.#replica.position(), FETCHED);
      if (!entries) {
        await this.#adopt();
        continue;
      }
      if (entries.length > 0) await this.#replica.apply(entries);
      if (entries.length < FETCHED) return;
    }
  }

  /** Further behind than the log goes back: memories are taken as they are, only those that changed since. */
  async #adopt(): Promise<void> {
    let from = await this.#replica.position();
    let first: number | undefined;
    for (;;) {
      const { head, states } = await this.#log.statesAfter(from, ADOPTED);
      first ??= head;
      const last = states.length < ADOPTED;
      await this.#replica.adopt(states, last ? first : undefined);
      if (last) break;
      from = states.at(-1)!.position;
    }
    this.#logger.info('the replica starts from the memories as they are', { position: first });
  }

  #lost(error: unknown): void {
    const { message } = error as Error;
    if (this.#problem === undefined)
      this.#logger.warn('the central memory is out of reach', { reason: message });
    this.#problem = message;
    this.#knowsLog = false;
  }

  async #checkLog(): Promise<void> {
    const [here, there] = [await this.#replica.logId(), await this.#log.id()];
    if (here === there) return;
    if (here === undefined) return this.#replica.follow(there);
    throw new MemoryError(
      'conflict',
      `${this.#log.address} holds another memory than the one this machine followed.`,
      'Restore its data from a backup, or give it another REDIS_PREFIX and move the memories there.',
    );
  }
}
