import type { Engine } from '../../engine/engine.ts';
import type { FeedEvent } from '../../engine/events/feed.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { demandWithin } from '../../engine/model/rights.ts';
import type { ResourceWatch } from './mcpWork.ts';
import { parseWorkUri, type WorkAddress } from './workUri.ts';

/** Events in quick succession are one change of a resource. Milliseconds. */
const SETTLE_MS = 50;

const TYPES: Readonly<Record<WorkAddress['kind'], readonly string[]>> = {
  tasks: ['task'],
  task: ['task'],
  // Which files an agent works on is said with it.
  agents: ['agent', 'files'],
  contexts: ['context'],
};

/** Tells which of the tasks, agents and contexts that it watches changed, as the feed tells of it. */
export class WorkResourceWatch implements ResourceWatch {
  readonly #engine: Engine;
  readonly #caller: Caller;
  readonly #changed: (uri: string) => void;
  readonly #addresses = new Map<string, WorkAddress>();
  readonly #due = new Set<string>();
  #listening: Promise<Disposable> | undefined;
  #settle: NodeJS.Timeout | undefined;

  constructor(engine: Engine, caller: Caller, changed: (uri: string) => void) {
    this.#engine = engine;
    this.#caller = caller;
    this.#changed = changed;
  }

  async add(uri: string): Promise<void> {
    const address = parseWorkUri(uri);
    demandWithin(this.#caller, address.namespace);
    this.#addresses.set(uri, address);
    this.#listening ??= this.#listen();
    try {
      await this.#listening;
    } catch (error) {
      this.#addresses.delete(uri);
      this.#listening = undefined;
      throw error;
    }
  }

  remove(uri: string): void {
    if (this.#addresses.delete(uri) && this.#addresses.size === 0) this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#addresses.clear();
    clearTimeout(this.#settle);
    this.#settle = undefined;
    this.#listening?.then(listening => listening[Symbol.dispose]()).catch(() => {});
    this.#listening = undefined;
  }

  async #listen(): Promise<Disposable> {
    const { feed } = this.#engine;
    return feed.listen(await feed.position(this.#caller), this.#caller, undefined, told => this.#hear(told));
  }

  #hear({ event }: FeedEvent): void {
    if (!('namespace' in event)) return;
    for (const [uri, address] of this.#addresses) {
      if (address.namespace !== event.namespace || !TYPES[address.kind].includes(event.type)) continue;
      if (address.kind !== 'task' || address.id === event.subject) this.#due.add(uri);
    }
    if (this.#due.size > 0) this.#settle ??= setTimeout(() => this.#tell(), SETTLE_MS).unref();
  }

  #tell(): void {
    this.#settle = undefined;
    const due = [...this.#due];
    this.#due.clear();
    for (const uri of due) if (this.#addresses.has(uri)) this.#changed(uri);
  }
}
