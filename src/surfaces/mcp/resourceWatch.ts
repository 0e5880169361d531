import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { RESOURCE_LIST, type ResourceWatch } from './mcpWork.ts';
import { parseMemoryUri, RECENT_URI } from './memoryUri.ts';
import { faultOf } from './protocolFault.ts';
import { recentMemories } from './resources.ts';
import { WorkResourceWatch } from './workResourceWatch.ts';
import { isWorkUri } from './workUri.ts';

/** Of one connection: more than anybody looks at. */
const MOST_WATCHED = 1000;
const MOST_CHARS = 4096;

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
  /** Also those that are still looked up. */
  readonly #wanted = new Set<string>();
  readonly #states = new Map<string, string>();
  #watching: Disposable | undefined;
  #looking = Promise.resolve();
  #lookIsDue = false;

  constructor(engine: Engine, caller: Caller, changed: (uri: string) => void, logger: Logger) {
    this.#engine = engine;
    this.#caller = caller;
    this.#changed = changed;
    this.#logger = logger;
    this.#work = new WorkResourceWatch(engine, caller, changed);
  }

  async add(uri: string): Promise<void> {
    try {
      this.#demandRoom(uri);
      this.#wanted.add(uri);
      if (isWorkUri(uri)) return await this.#work.add(uri);
      this.#watching ??= this.#engine.watch(() => this.#look());
      const state = (await this.#statesOf([uri])).get(uri)!;
      if (this.#watching && !this.#states.has(uri)) this.#states.set(uri, state);
    } catch (error) {
      this.#wanted.delete(uri);
      if (this.#states.size === 0) this.#stop();
      throw faultOf(error, this.#logger, { uri });
    }
  }

  remove(uri: string): void {
    this.#wanted.delete(uri);
    this.#work.remove(uri);
    if (this.#states.delete(uri) && this.#states.size === 0) this.#stop();
  }

  [Symbol.dispose](): void {
    this.#work[Symbol.dispose]();
    this.#wanted.clear();
    this.#states.clear();
    this.#stop();
  }

  #stop(): void {
    this.#watching?.[Symbol.dispose]();
    this.#watching = undefined;
  }

  #demandRoom(uri: string): void {
    if (uri.length > MOST_CHARS) throw tooMuch(`An address has at most ${MOST_CHARS} characters.`);
    if (this.#wanted.size >= MOST_WATCHED && !this.#wanted.has(uri))
      throw tooMuch(`${MOST_WATCHED} addresses are watched already.`);
  }

  /** One look at a time: each compares with what the one before saw. One that has not begun sees what changed meanwhile, too. */
  #look(): void {
    if (this.#lookIsDue) return;
    this.#lookIsDue = true;
    this.#looking = this.#looking
      .then(async () => {
        this.#lookIsDue = false;
        for (const [uri, state] of await this.#statesOf([...this.#states.keys()])) {
          if (state === this.#states.get(uri) || !this.#states.has(uri)) continue;
          this.#states.set(uri, state);
          this.#changed(uri);
        }
      })
      .catch(error => this.#logger.warn('watched resources could not be compared', { error: String(error) }));
  }

  /** One question for all memories of a namespace. */
  async #statesOf(uris: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const states = new Map<string, string>();
    const asked = new Map<string, Map<string, string[]>>();
    for (const uri of uris) {
      if (uri === RESOURCE_LIST || uri === RECENT_URI) {
        states.set(uri, await this.#recent(uri));
        continue;
      }
      const { namespace, id } = parseMemoryUri(uri);
      const ids = asked.get(namespace) ?? new Map<string, string[]>();
      // Several addresses may be spelt otherwise and mean the same.
      ids.set(id, [...(ids.get(id) ?? []), uri]);
      asked.set(namespace, ids);
    }
    for (const [namespace, ids] of asked) {
      const versions = await this.#versionsOf(namespace, [...ids.keys()]);
      for (const [id, same] of ids) for (const uri of same) states.set(uri, String(versions.get(id)));
    }
    return states;
  }

  async #recent(uri: string): Promise<string> {
    const recent = await recentMemories(this.#engine, this.#caller);
    return recent.map(({ id, version }) => (uri === RECENT_URI ? `${id} ${version}` : id)).join('\n');
  }

  async #versionsOf(namespace: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const filter = { ids, namespaces: [namespace] };
    const page = { limit: ids.length, offset: 0 };
    // A list, since reading one would count as an access, which is a change.
    const { memories } = await this.#engine.memories.list(filter, page, this.#caller);
    return new Map(memories.map(({ id, version }) => [id, version]));
  }
}

function tooMuch(message: string): MemoryError {
  return new MemoryError(
    'invalid_input',
    message,
    'Watch fewer: `memory://recent` tells of all that is new.',
  );
}
