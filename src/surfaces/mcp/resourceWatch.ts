import type { Engine } from '../../engine/engine.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { RESOURCE_LIST, type ResourceWatch } from './mcpWork.ts';
import { parseMemoryUri, RECENT_URI } from './memoryUri.ts';
import { faultOf } from './protocolFault.ts';
import { recentMemories } from './resources.ts';
import { WorkResourceWatch } from './workResourceWatch.ts';
import { isWorkUri } from './workUri.ts';

/**
 * Compares the memories that it watches after every change of the store, and tells of what differs; of tasks, agents and contexts as the
 * feed does.
 */
export class EngineResourceWatch implements ResourceWatch {
  readonly #engine: Engine;
  readonly #caller: Caller;
  readonly #changed: (uri: string) => void;
  readonly #logger: Logger;
  readonly #work: WorkResourceWatch;
  readonly #states = new Map<string, string>();
  #watching: Disposable | undefined;
  #looking = Promise.resolve();

  constructor(engine: Engine, caller: Caller, changed: (uri: string) => void, logger: Logger) {
    this.#engine = engine;
    this.#caller = caller;
    this.#changed = changed;
    this.#logger = logger;
    this.#work = new WorkResourceWatch(engine, caller, changed);
  }

  async add(uri: string): Promise<void> {
    try {
      if (isWorkUri(uri)) return await this.#work.add(uri);
      this.#watching ??= this.#engine.watch(() => this.#look());
      const state = await this.#stateOf(uri);
      if (this.#watching && !this.#states.has(uri)) this.#states.set(uri, state);
    } catch (error) {
      if (this.#states.size === 0) this.#stop();
      throw faultOf(error, this.#logger, { uri });
    }
  }

  remove(uri: string): void {
    this.#work.remove(uri);
    if (this.#states.delete(uri) && this.#states.size === 0) this.#stop();
  }

  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
    this.#states.clear();
    this.#stop();
  }

  #stop(): void {
    this.#watching?.[Symbol.dispose]();
    this.#watching = undefined;
  }

  /** One look at a time: each compares with what the one before saw. */
  #look(): void {
    this.#looking = this.#looking
      .then(async () => {
        for (const [uri, before] of [...this.#states]) {
          const state = await this.#stateOf(uri);
          if (state === before || !this.#states.has(uri)) continue;
          this.#states.set(uri, state);
          this.#changed(uri);
        }
      })
      .catch(error => this.#logger.warn('watched resources could not be compared', { error: String(error) }));
  }

  async #stateOf(uri: string): Promise<string> {
    if (uri === RESOURCE_LIST || uri === RECENT_URI) {
      const recent = await recentMemories(this.#engine, this.#caller);
      return recent.map(({ id, version }) => (uri === RECENT_URI ? `${id} ${version}` : id)).join('\n');
    }
    const { namespace, id } = parseMemoryUri(uri);
    const filter = { ids: [id], namespaces: [namespace] };
    // A list, since reading one would count as an access, which is a change.
    const { memories } = await this.#engine.memories.list(filter, { limit: 1, offset: 0 }, this.#caller);
    return String(memories[0]?.version);
  }
}
