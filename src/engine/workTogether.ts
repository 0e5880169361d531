import { Agents } from './agents/agents.ts';
import { FileClaims } from './agents/fileClaims.ts';
import { giveBackSilent, Presence } from './agents/presence.ts';
import { Contexts } from './contexts/contexts.ts';
import { Feed } from './events/feed.ts';
import { Handoffs } from './handoff/handoff.ts';
import type { MaskTexts } from './memories/maskTexts.ts';
import type { Clock } from './ports/clock.ts';
import type { Identity } from './ports/identity.ts';
import type { Logger } from './ports/logger.ts';
import type { Store } from './ports/store.ts';
import { LeaseKeeper } from './tasks/leaseKeeper.ts';
import { Tasks } from './tasks/tasks.ts';
import { TaskWaiter } from './tasks/taskWaiter.ts';

export interface WorkTogetherOptions {
  readonly store: Pick<Store, 'work' | 'records' | 'memories' | 'operations'>;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mask: MaskTexts;
  /** Where this engine runs. */
  readonly host: { readonly machine: string; readonly pid: number };
  /** In [0, 1). */
  readonly random: () => number;
  /** Between two heartbeats, milliseconds; for tests. */
  readonly heartbeatMs?: number;
}

/** Everything by which the agents of an engine work together, on the store's ports. */
export class WorkTogether implements AsyncDisposable {
  readonly agents: Agents;
  readonly tasks: Tasks;
  readonly files: FileClaims;
  readonly contexts: Contexts;
  readonly handoffs: Handoffs;
  readonly feed: Feed;
  readonly #options: WorkTogetherOptions;
  readonly #keeper: LeaseKeeper;
  readonly #waiter: TaskWaiter;
  readonly #presence: Presence;

  constructor(options: WorkTogetherOptions) {
    const { clock, heartbeatMs, host, identity, logger, mask, random, store } = options;
    const { memories, operations, records, work } = store;
    this.#options = options;
    const keeper = new LeaseKeeper(work.tasks, logger);
    const presence = new Presence(work, keeper, logger, heartbeatMs);
    const waiter = new TaskWaiter(records.events, work.tasks);
    this.#keeper = keeper;
    this.#presence = presence;
    this.#waiter = waiter;
    this.agents = new Agents({ work, presence, identity, host, mask });
    const { agents } = this;
    this.tasks = new Tasks({ work, agents, keeper, waiter, identity, clock, random, mask });
    this.files = new FileClaims(work, agents, identity, mask);
    this.contexts = new Contexts({ work, agents, memories, identity, clock, mask });
    const { contexts, files, tasks } = this;
    this.handoffs = new Handoffs({ work, agents, tasks, files, contexts, memories, mask });
    this.feed = new Feed(records.events, operations);
  }

  /** For housekeeping: gives back what silent agents held, and removes what is over. Rejects as the store does. */
  async tidy(): Promise<void> {
    const { logger, store } = this.#options;
    await giveBackSilent(store.work, logger);
    await store.work.contexts.purge(1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiter[Symbol.dispose]();
    await this.#presence[Symbol.asyncDispose]();
    this.#keeper[Symbol.dispose]();
  }
}
