import type { Engine } from '../../../engine/engine.ts';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';

const MOST = 1000;

/** Names of agents that have worked, also of those that have left since: a client that does one thing and ends is gone when a person hears of it. */
export class AgentNames {
  readonly #agents: Pick<Engine['agents'], 'list'>;
  readonly #names = new Map<string, string>();

  constructor(agents: Pick<Engine['agents'], 'list'>) {
    this.#agents = agents;
  }

  /** Whoever takes a task is asked for while it is there. Rejects as the store does. */
  async hear({ type, change, namespace, agent }: WorkEvent): Promise<void> {
    if (type === 'task' && change === 'leased' && !this.#names.has(agent)) await this.of(agent, namespace);
  }

  /** Its id where nothing is known of it. */
  async of(id: string, namespace: string): Promise<string> {
    for (const agent of await this.#agents.list([namespace])) {
      // The newest stay.
      this.#names.delete(agent.id);
      this.#names.set(agent.id, agent.name);
    }
    for (const known of this.#names.keys()) {
      if (this.#names.size <= MOST) break;
      this.#names.delete(known);
    }
    return this.#names.get(id) ?? id;
  }
}
