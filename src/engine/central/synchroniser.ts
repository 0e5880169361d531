import { MemoryError } from '../errors.ts';
import type { CentralLog } from '../ports/centralLog.ts';
import type { Logger } from '../ports/logger.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import type { LogEntry, Rehearsed, Replica } from '../ports/replica.ts';
import { within } from '../within.ts';
import { anotherMemory } from './anotherMemory.ts';
import { checkLog } from './checkLog.ts';
import { takeNews } from './takeNews.ts';

/** Changes that are appended at once. */
const APPENDED = 250;
/** Entries that a refused change is told of, at most. */
const TOLD = 100;
/** How long a change is tried again when others were faster, ms; each time one of them has got through. */
const GIVE_UP_MS = 10_000;
/** So long it is taken for granted that the log is the one that it was. */
const CONFIRMED_MS = 1_000;
/** So long it is taken for granted that no other process of this machine has left anything that waits. */
const SETTLED_MS = 1_000;
/** How often it is looked whether the log is back, at most. */
const RETRY_MS = 1_000;

/** What the log said to a change: taken, what others have appended instead, or nothing. */
type Answer = Awaited<ReturnType<CentralLog['append']>> | undefined;

/** Keeps a replica level with the central log, and brings changes from here to there: at once, or when it is in reach again. */
export class Synchroniser {
  readonly #log: CentralLog;
  readonly #replica: Replica;
  readonly #logger: Logger;
  #problem: Error | undefined;
  #triedAt = 0;
  /** It is the log that the replica follows, as far as the connection lasts. */
  #knowsLog = false;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  /** Where replica and log were level while nothing waited, and until when nobody asks the replica again. */
  #settled: { readonly position: number; readonly until: number } | undefined;
  #heldAt = Number.NEGATIVE_INFINITY;
  /** What is told while it takes long to get level. */
  readonly #behind: MemoryError;
  readonly #patienceMs: number;
  /** A part of much news is here by now. */
  #gaining = false;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** The wait for it. */
  #levelling: Promise<void> | undefined;
  #changing: Promise<unknown> = Promise.resolve();

  /** @param patienceMs how long a call waits until the replica is level with the log; then it goes on as if that were out of reach */
  constructor(log: CentralLog, replica: Replica, logger: Logger, patienceMs: number) {
    this.#log = log;
    this.#replica = replica;
    this.#logger = logger;
    this.#patienceMs = patienceMs;
    this.#behind = new MemoryError(
      'unavailable',
      `This machine is still catching up with ${log.address}.`,
      'It goes on by itself; what is stored meanwhile follows.',
    );
  }

  /** Why the central log is out of reach; undefined while it answers. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** How many changes wait here for the log. */
  async waiting(): Promise<number> {
    return this.#isSettled() ? 0 : (await this.#replica.standing()).waiting;
  }

  /** Before a read: what others have appended is here then. While the log is out of reach, the replica answers as it is. */
  async refresh(): Promise<void> {
    if (this.#problem !== undefined) {
      // Nobody waits for what may not come.
      if (performance.now() - this.#triedAt > RETRY_MS) void this.catchUp().catch(() => {});
      return;
    }
    this.#levelling ??= this.#level();
    await this.#levelling;
  }

  /**
   * Before anything else is written where the log is. Rejects with `unavailable` while another memory is there than the one that this replica
   * follows, or an older state of it: nothing is left with strangers.
   */
  async confirm(): Promise<void> {
    if (MemoryError.is(this.#problem, 'conflict')) {
      await this.refresh();
    } else if (!this.#knowsLog || performance.now() - this.#confirmedAt > CONFIRMED_MS) {
      const here = await this.#replica.logId();
      const there = await this.#log.id();
      if (here !== undefined && here !== there) this.#lost(anotherMemory(this.#log.address));
      this.#confirmedAt = performance.now();
    }
    if (MemoryError.is(this.#problem, 'conflict'))
      throw new MemoryError('unavailable', this.#problem.message, this.#problem.fix);
  }

  /**
   * Calls that come at once share one, and those that come while it is under way share the next: what they must see may have come too
   * late for it.
   */
  catchUp(): Promise<void> {
    this.#next ??= this.#runNext();
    return this.#next;
  }

  async #level(): Promise<void> {
    const level = this.catchUp().catch(() => {});
    const isLevel = level.then(() => true);
    if (await within(isLevel, this.#patienceMs, () => false)) return;
    // A log that does not answer says so itself, soon.
    if (!this.#gaining) return level;
    this.#problem ??= this.#behind;
  }

  async #runNext(): Promise<void> {
    if (this.#running) await this.#running.catch(() => {});
    else await new Promise(resolve => setImmediate(resolve));
    this.#next = undefined;
    this.#levelling = undefined;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /**
   * Makes a change: rehearsed here, appended there, kept here. Where others were faster, it is rehearsed on what they left. While the
   * log is out of reach it is done here and waits. Rejects with whatever the change itself is refused for.
   *
   * @param mayWait false: rejects with `unavailable` instead; then the log may have it all the same, where its answer was lost
   */
  async change<T>(work: (store: MemoryStore) => Promise<T>, mayWait = true): Promise<T> {
    // One after another: changes of one process would only overtake each other.
    const turn = this.#changing.then(() => this.#change(work, mayWait));
    this.#changing = turn.catch(() => {});
    return turn;
  }

  /** The connection was made anew: it is checked once more which log is there. */
  distrust(): void {
    this.#knowsLog = false;
  }

  async flush(): Promise<void> {
    await this.#replica.flush();
  }

  async #change<T>(work: (store: MemoryStore) => Promise<T>, mayWait: boolean): Promise<T> {
    const began = performance.now();
    do {
      if (!this.#knowsLog) await this.refresh();
      let rehearsed: Rehearsed | undefined;
      let answer: Answer;
      try {
        const outcome = await this.#replica.rehearse(work, async found => {
          rehearsed = found;
          answer = await this.#offer(found);
          return answer === 'appended';
        });
        const held =
          answer === 'appended' ||
          (rehearsed && rehearsed.changes.length > 0
            ? await this.#hold(rehearsed, answer, mayWait)
            : !(await this.#moved()));
        if (held) return outcome;
      } catch (error) {
        if (!MemoryError.is(error) || !(await this.#moved())) throw error;
      }
    } while (performance.now() - began < GIVE_UP_MS);
    throw new MemoryError(
      'unavailable',
      `Others were faster in the central memory for ${GIVE_UP_MS / 1000} s; nothing was changed.`,
      'Try again.',
    );
  }

  /** That nothing is to be done, or that it may not be, holds only where the replica was level with the log. */
  async #moved(): Promise<boolean> {
    const from = this.#replica.rehearsedOn ?? (await this.#replica.position());
    await this.refresh();
    return (await this.#replica.position()) !== from;
  }

  /** Asks the log for its place. @returns undefined while the log is out of reach, or something else comes first */
  async #offer({ changes, position, waits }: Rehearsed): Promise<Answer> {
    if (changes.length === 0 || waits || !this.#knowsLog || this.#problem) return undefined;
    try {
      return await this.#log.append(changes, position);
    } catch (error) {
      // It may have been appended all the same, with its answer lost: then it is known by its id, and does not wait long.
      this.#lost(error);
      return undefined;
    }
  }

  /** @returns false when it is to be rehearsed anew: others were faster, or something waited */
  async #hold(
    { changes, waits }: Rehearsed,
    answer: readonly LogEntry[] | undefined,
    mayWait: boolean,
  ): Promise<boolean> {
    if (answer) {
      // Of many, some are told.
      if (answer.length > 0 && answer.length < TOLD) await this.#replica.apply(answer);
      else await this.refresh();
      return false;
    }
    if (waits || this.#problem === undefined) {
      await this.refresh();
      if (this.#problem === undefined) return false;
    }
    if (!mayWait)
      throw new MemoryError(
        'unavailable',
        `The central memory is out of reach: ${this.#problem?.message ?? 'earlier changes wait for it'}`,
        'Try again when it is back.',
      );
    try {
      await this.#replica.hold(changes);
      this.#heldAt = performance.now();
      this.#settled = undefined;
      // Whoever stores without a pause lets it be noticed that the log is back.
      await new Promise(resolve => setTimeout(resolve));
      return true;
    } catch (error) {
      if (MemoryError.is(error, 'conflict')) return false;
      throw error;
    }
  }

  async #run(): Promise<void> {
    this.#triedAt = performance.now();
    this.#gaining = false;
    const known = this.#problem;
    const gaining = () => {
      this.#gaining = true;
    };
    try {
      if (!this.#knowsLog) await checkLog(this.#log, this.#replica);
      this.#knowsLog = true;
      for (;;) {
        // Mostly nothing has happened: then the log alone is asked.
        if (this.#isSettled() && (await this.#log.head()) === this.#settled?.position) break;
        const standing = await takeNews(this.#log, this.#replica, this.#logger, gaining);
        if (standing.waiting === 0) {
          // Not when something was left to wait after that look.
          const settled = this.#heldAt < this.#triedAt;
          this.#settled = settled
            ? { position: standing.position, until: this.#triedAt + SETTLED_MS }
            : undefined;
          break;
        }
        const { changes, position } = await this.#replica.waiting(APPENDED);
        // Others were faster: what they left comes first, all of it.
        if ((await this.#log.append(changes, position)) !== 'appended') continue;
        this.#logger.debug('brought what waited', { changes: changes.length });
        await this.#replica.apply(changes.map(({ entry }, i) => ({ position: position + 1 + i, entry })));
      }
      // What failed meanwhile is no news of before.
      if (this.#problem !== known && this.#problem !== this.#behind) return;
      if (this.#problem !== undefined) this.#logger.warn('the central memory is back', {});
      this.#problem = undefined;
    } catch (error) {
      this.#lost(error);
      throw error;
    }
  }

  #isSettled(): boolean {
    return this.#settled !== undefined && performance.now() < this.#settled.until;
  }

  #lost(error: unknown): void {
    const { message } = error as Error;
    this.#settled = undefined;
    if (this.#problem === undefined)
      this.#logger.warn('the central memory is out of reach', { reason: message });
    this.#problem = error as Error;
    this.#knowsLog = false;
  }
}
