import { Backlog } from './embedding/backlog.ts';
import type { SharedVectors } from './embedding/sharedVectors.ts';
import { MemoryError } from './errors.ts';
import { expireAll } from './memories/expireAll.ts';
import type { Clock } from './ports/clock.ts';
import type { Embedder } from './ports/embedder.ts';
import type { Logger } from './ports/logger.ts';
import type { Store } from './ports/store.ts';

const LEASE = 'housekeeping';
const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
const EXPIRE_EVERY_MS = 60_000;
/** How long to leave a model alone that just failed. */
const RETRY_MS = 15_000;
/** After each round: what changes meanwhile is seen to in one go. */
const PAUSE_MS = 250;

export interface HousekeepingOptions {
  readonly store: Store;
  /** undefined: embeddings are switched off. */
  readonly embedder: Embedder | undefined;
  /** undefined: every text is embedded. */
  readonly sharedVectors: SharedVectors | undefined;
  /** Called when no memory waits for its vector any more, but for those that the model refuses. */
  readonly onEmbedded: () => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This engine's name in the lease. */
  readonly holder: string;
  /** Sees whether nodes of the LAN went silent; returns at once. */
  readonly watchNodes: () => void;
  /** Saves what makes the next start warm; called by the leader when the store grew quiet. */
  readonly saveSnapshot: () => Promise<void>;
}

/**
 * What one engine does for all: embeds the backlog, expires memories, saves the index, sees to nodes that went silent. Whoever holds
 * the lease does it; when it dies, another takes over within `LEASE_MS`. It works when the store changed and sleeps otherwise.
 */
export class Housekeeping implements AsyncDisposable {
  readonly #options: HousekeepingOptions;
  readonly #backlog: Backlog | undefined;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | number | undefined;
  #pause: NodeJS.Timeout | undefined;
  #expiredAt = 0;
  #leader = false;
  #leaseEnds = 0;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    const { embedder, logger, sharedVectors, store } = options;
    this.#backlog = embedder && new Backlog(store.embeddings, embedder, logger, sharedVectors);
  }

  get leader(): boolean {
    return this.#leader;
  }

  /** Numbers of the memories whose text the model refused, as far as this engine asked. */
  get refused(): readonly number[] {
    return this.#backlog?.refused ?? [];
  }

  /** There may be work: call it at start and after every change. Returns at once. */
  wake(): void {
    if (this.#stop.signal.aborted) return;
    if (this.#running || this.#pause) {
      this.#again = true;
      return;
    }
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.wake();
      }, PAUSE_MS);
      // Sleeping housekeeping keeps no process alive.
      this.#pause.unref?.();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer as NodeJS.Timeout);
    await this.#running;
    clearTimeout(this.#pause);
    if (this.#leader) await this.#options.store.leases.release(LEASE, this.#options.holder).catch(() => {});
  }

  async #run(): Promise<void> {
    const { logger } = this.#options;
    try {
      if (!(await this.#lead())) return this.#wakeIn(LEASE_MS);
      const renewal = setInterval(() => void this.#lead().catch(() => {}), RENEW_MS);
      try {
        this.#options.watchNodes();
        await this.#expire();
        await this.#embed();
        await this.#options.saveSnapshot();
      } finally {
        clearInterval(renewal);
      }
    } catch (error) {
      if (this.#stop.signal.aborted || MemoryError.is(error, 'cancelled')) return;
      logger.warn('housekeeping was interrupted', { reason: (error as Error).message });
      this.#wakeIn(RETRY_MS);
    }
  }

  /** Takes or renews the lease; one that will last is left alone, so that quiet rounds write nothing. */
  async #lead(): Promise<boolean> {
    const { clock, holder, store } = this.#options;
    const left = this.#leaseEnds - clock.now();
    // More than was ever asked for: the clock was set back.
    if (this.#leader && left > LEASE_MS - RENEW_MS && left <= LEASE_MS) return true;
    const lease = await store.leases.acquire(LEASE, holder, LEASE_MS);
    this.#leader = lease !== undefined;
    this.#leaseEnds = lease?.expiresAt ?? 0;
    return this.#leader;
  }

  async #embed(): Promise<void> {
    if (!this.#backlog) return;
    await this.#backlog.work(this.#stop.signal);
    await this.#options.onEmbedded();
  }

  async #expire(): Promise<void> {
    const { clock, logger, store } = this.#options;
    if (Math.abs(clock.now() - this.#expiredAt) < EXPIRE_EVERY_MS) return;
    this.#expiredAt = clock.now();
    const expired = await expireAll(store, clock, this.#stop.signal);
    if (expired > 0) logger.info('memories expired', { expired });
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer as NodeJS.Timeout);
    this.#timer = setTimeout(() => this.wake(), ms);
    (this.#timer as NodeJS.Timeout).unref?.();
  }
}
