import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import type { Agent } from '../../engine/model/agent.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Logger } from '../../engine/ports/logger.ts';

/** So long after its first answer a session becomes an agent: whoever asks one thing and goes never does. Milliseconds. */
const APPEAR_MS = 50;

/**
 * The agent that a session is, one in each namespace that it works in: there from its first call on, until it leaves. Nothing waits for
 * it, and what goes wrong with it is logged only.
 */
export class SessionAgent implements AsyncDisposable {
  readonly #engine: () => Promise<Engine>;
  readonly #logger: Logger;
  /** Namespaces in which it is registered, or about to be. */
  readonly #there = new Set<string>();
  /** Under which it has worked, so that a tool may have registered it; undefined: not since it left. */
  #instance: string | undefined;
  #ended = new AbortController();
  #appearing = Promise.resolve();
  #closed = false;

  constructor(engine: () => Promise<Engine>, logger: Logger) {
    this.#engine = engine;
    this.#logger = logger;
  }

  /** The session does something, by which a tool may register its agent. */
  begin(caller: Caller): void {
    if (caller.lasting && !this.#closed) this.#instance = caller.instance;
  }

  /** The session has done something; also after it has left. */
  appear(caller: Caller): void {
    // Whoever may not work with others is no agent among them.
    if (!caller.lasting || this.#closed || caller.rights?.scopes.includes('tasks') === false) return;
    this.begin(caller);
    if (this.#there.has(caller.namespace)) return;
    this.#there.add(caller.namespace);
    const { signal } = this.#ended;
    this.#appearing = this.#appearing
      .then(() => sleep(APPEAR_MS, undefined, { signal, ref: false }))
      .then(() => this.#register(caller))
      .catch(error => {
        this.#there.delete(caller.namespace);
        if (!signal.aborted) this.#logger.info('a session is no agent', { reason: String(error) });
      });
  }

  /** What it held goes to others. Rejects never. */
  async leave(): Promise<void> {
    this.#ended.abort();
    this.#ended = new AbortController();
    await this.#appearing;
    const instance = this.#instance;
    this.#instance = undefined;
    this.#there.clear();
    if (instance === undefined) return;
    try {
      await (await this.#engine()).agents.leave(instance);
    } catch (error) {
      this.#logger.info('a session left without its goodbye', { reason: String(error) });
    }
  }

  /** It has ended for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.leave();
  }

  async #register(caller: Caller): Promise<void> {
    const { agents } = await this.#engine();
    const own = await agents.acting(undefined, caller.namespace, caller);
    const name = tellApart(own, await agents.list([caller.namespace]));
    if (name !== own.name) await agents.register({ name }, caller.namespace, caller);
  }
}

/** Its name, with a number where somebody who was there before has it. */
export function tellApart(own: Agent, all: readonly Agent[]): string {
  const before = all.filter(
    agent =>
      agent.id !== own.id &&
      agent.presence !== 'offline' &&
      (agent.registeredAt < own.registeredAt ||
        (agent.registeredAt === own.registeredAt && agent.id < own.id)),
  );
  const taken = new Set(before.map(agent => agent.name));
  for (let number = 2, name = own.name; ; number++) {
    if (!taken.has(name)) return name;
    name = `${own.name} ${number}`;
  }
}
