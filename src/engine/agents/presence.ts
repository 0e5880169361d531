import { MemoryError } from '../errors.ts';
import type { Agent, AgentKey } from '../model/agent.ts';
import type { Logger } from '../ports/logger.ts';
import type { Work } from '../ports/work.ts';
import type { LeaseKeeper } from '../tasks/leaseKeeper.ts';

/** Three heartbeats fit before an agent counts as stale. Milliseconds. */
const HEARTBEAT_MS = 10_000;
/** Who is silent for 90 s is found within half a minute: idle agents are to cost next to nothing. */
const ROUNDS_A_LOOK = 3;

/**
 * The agents of this process: says that they live, and gives their work to others when they leave. A round also looks after those
 * that fell silent elsewhere, so that somebody does as long as anybody works. Nothing runs while no agent is here.
 */
export class Presence implements AsyncDisposable {
  readonly #work: Work;
  readonly #keeper: LeaseKeeper;
  readonly #logger: Logger;
  readonly #periodMs: number;
  /** By key; and the sessions that keep each alive. */
  readonly #agents = new Map<string, Kept>();
  #timer: NodeJS.Timeout | number | undefined;
  #rounds = 0;

  /** @param periodMs between two heartbeats; for tests */
  constructor(work: Work, keeper: LeaseKeeper, logger: Logger, periodMs = HEARTBEAT_MS) {
    this.#work = work;
    this.#keeper = keeper;
    this.#logger = logger;
    this.#periodMs = periodMs;
  }

  /** One that this process keeps alive. */
  present(key: AgentKey): Agent | undefined {
    return this.#agents.get(keyOf(key))?.agent;
  }

  /** @param own it is this session and no other: when that ends, it is gone; one with a name of its own may live in other processes, too */
  add(agent: Agent, session: string, own: boolean): void {
    const kept = this.#agents.get(keyOf(agent)) ?? { agent, own, sessions: new Set() };
    kept.agent = agent;
    kept.sessions.add(session);
    this.#agents.set(keyOf(agent), kept);
    this.#schedule();
  }

  update(agent: Agent): void {
    const kept = this.#agents.get(keyOf(agent));
    if (kept) kept.agent = agent;
  }

  /** Its tasks and files are free. @returns how many tasks others can do now */
  async depart(agent: Agent): Promise<number> {
    this.#agents.delete(keyOf(agent));
    this.#keeper.dropAgent(agent);
    await this.#work.files.releaseAll(agent.namespace, agent.id);
    return this.#work.tasks.releaseAll(agent.namespace, agent.id, false);
  }

  /**
   * A session has ended: what it held goes to others, and its own agent is gone. One with a name stays for the others that may be it, and
   * falls silent where there is none. Rejects never.
   */
  async leave(session: string): Promise<void> {
    for (const { agent, own, sessions } of [...this.#agents.values()]) {
      if (!sessions.delete(session)) continue;
      const gone = own ? this.#goodbye(agent) : this.#giveBack(agent, session);
      await gone.catch(error =>
        this.#logger.info('an agent left without its goodbye', { reason: String(error) }),
      );
      if (sessions.size === 0) this.#agents.delete(keyOf(agent));
    }
  }

  async #goodbye(agent: Agent): Promise<void> {
    await this.depart(agent);
    await this.#work.agents.remove(agent, agent.owner);
  }

  async #giveBack(agent: Agent, session: string): Promise<void> {
    for (const lease of this.#keeper.heldBy(agent, session)) {
      this.#keeper.drop(lease);
      await this.#work.tasks.release(lease).catch(error => {
        if (!MemoryError.is(error, 'stale_lease')) throw error;
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer as NodeJS.Timeout);
    const sessions = new Set([...this.#agents.values()].flatMap(kept => [...kept.sessions]));
    for (const session of sessions) await this.leave(session);
    clearTimeout(this.#timer as NodeJS.Timeout);
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      void this.#round().finally(() => {
        this.#timer = undefined;
        if (this.#agents.size > 0) this.#schedule();
      });
    }, this.#periodMs);
    (this.#timer as NodeJS.Timeout).unref?.();
  }

  async #round(): Promise<void> {
    try {
      for (const { agent } of [...this.#agents.values()]) await this.#beat(agent);
      if (this.#rounds++ % ROUNDS_A_LOOK === 0) await giveBackSilent(this.#work, this.#logger);
    } catch (error) {
      // Offline: the next round says it.
      this.#logger.debug('heartbeats did not arrive', { reason: (error as Error).message });
    }
  }

  async #beat(agent: Agent): Promise<void> {
    try {
      this.update(await this.#work.agents.heartbeat(agent, agent.owner, {}));
    } catch (error) {
      if (!MemoryError.is(error, 'not_found')) throw error;
      // Forgotten after a long sleep: it is there again.
      if (this.#agents.has(keyOf(agent))) this.update(await this.#work.agents.register(agent));
    }
  }
}

interface Kept {
  agent: Agent;
  readonly own: boolean;
  readonly sessions: Set<string>;
}

/** What agents held that fell silent is given to others, and what time has moved is moved. */
export async function giveBackSilent(work: Work, logger: Logger): Promise<void> {
  for (const { id, namespace, pid } of await work.agents.takeSilent()) {
    if (pid === null) continue;
    const tasks = await work.tasks.releaseAll(namespace, id, true);
    const files = await work.files.releaseAll(namespace, id);
    logger.info('an agent fell silent', { agent: id, namespace, tasks, files });
  }
  await work.tasks.tick(1000);
}

function keyOf({ namespace, id }: AgentKey): string {
  return `${namespace}\n${id}`;
}
