import { MemoryError } from '../../errors.ts';
import type { Viewer } from '../../model/caller.ts';
import type { Memory } from '../../model/memory.ts';
import type { IndexSource } from '../../ports/indexSource.ts';
import type { IndexModel, MemoryIndex, SearchPlace } from '../../ports/memoryIndex.ts';
import type { ServerSearch } from '../../ports/serverSearch.ts';
import type { Store } from '../../ports/store.ts';
import { FreshIndex } from '../freshIndex.ts';
import type { FreshIndexOptions } from '../freshIndexOptions.ts';
import type { SearchHit, SearchQuery } from '../searchQuery.ts';
import { type AskedPlace, type Choice, choosePlace, fitting } from './choosePlace.ts';
import { compareWithServer } from './compareWithServer.ts';
import { SearchProjector } from './searchProjector.ts';
import { ServerIndex } from './serverIndex.ts';

/** How long a choice stands, ms: counting the memories costs some milliseconds. */
const CHOSEN_FOR_MS = 10_000;

/** How many memories a process holds beside the server's index: so far it may be behind. */
const NEWEST = 2_000;

interface PlacedIndexOptions {
  readonly asked: AskedPlace;
  readonly memoryBytes: number;
  readonly source: IndexSource;
  readonly search: ServerSearch;
  /** Of this process, with everything. */
  readonly whole: FreshIndex;
  /** Of this process, with what fits into `memoryBytes`: for the time in which the server does not answer. */
  readonly held: FreshIndex;
  /** The few memories that the server index is complemented by. */
  readonly newest: FreshIndex;
  readonly server: ServerIndex;
  readonly projector: SearchProjector;
  readonly watch: (onChange: () => void) => Disposable;
  /** As `SearchProjectorOptions.level`. */
  readonly level: () => Promise<boolean>;
}

export interface OpenPlacedIndexOptions extends Omit<FreshIndexOptions, 'newest'> {
  readonly asked: AskedPlace;
  /** What an index in this process may take. */
  readonly memoryBytes: number;
  readonly store: Store;
  readonly search: ServerSearch;
  /** Serves now; null: words only. */
  readonly model: IndexModel | null;
  /** Serves once it has its vectors. */
  readonly upcoming: IndexModel | null;
  /** Unique among all processes of all machines. */
  readonly token: string;
}

/** An index that is searched where it fits; it follows the store by itself. */
export function openPlacedIndex(options: OpenPlacedIndexOptions): MemoryIndex {
  const { analyzer, asked, logger, memoryBytes, model, search, source, store, token, upcoming } = options;
  const newest = new FreshIndex({ ...options, newest: NEWEST }, model);
  const outage = async () => (await store.central?.())?.problem;
  const server = new ServerIndex(
    { server: search, source, analyzer, newest, covered: NEWEST, outage },
    model,
  );
  const level = async () => {
    await store.operations.head();
    return (await outage()) === undefined;
  };
  const projector = new SearchProjector({
    ...{ server: search, source, analyzer, logger, token },
    models: () => {
      const others = upcoming && upcoming.id !== server.model?.id ? [upcoming] : [];
      return [server.model, ...others];
    },
    level,
  });
  return new PlacedIndex({
    ...{ asked, memoryBytes, source, search, newest, server, projector, level },
    whole: new FreshIndex(options, model),
    held: new FreshIndex({ ...options, newest: Math.max(NEWEST, fitting(memoryBytes, model)) }, model),
    watch: onChange => store.operations.watch(onChange),
  });
}

/**
 * Searches in this process as long as the index fits into its memory budget, else on the server; as the setting says where it says so. While
 * the server does not answer this process searches what it holds, and says so.
 */
class PlacedIndex implements MemoryIndex {
  readonly #options: PlacedIndexOptions;
  readonly #watch: Disposable;
  #choice: Choice | undefined;
  #chosenAt = 0;
  /** Why the last search was not the server's. */
  #failure: string | undefined;
  /** `held` is loaded, or being loaded. */
  #loading: 'no' | 'begun' | 'done' = 'no';

  constructor(options: PlacedIndexOptions) {
    this.#options = options;
    // What the server's index lacks is brought there.
    this.#watch = options.watch(() => {
      if (this.#choice?.place === 'server') options.projector.wake();
    });
  }

  get model(): IndexModel | null {
    return this.#options.server.model;
  }

  get problem(): string | undefined {
    return this.#failure;
  }

  get size(): { memories: number; vectors: number } {
    const { held, newest, whole } = this.#options;
    const sizes = this.#choice?.place === 'server' ? [held.size, newest.size] : [whole.size];
    return sizes.reduce((sum, one) => ({
      memories: sum.memories + one.memories,
      vectors: sum.vectors + one.vectors,
    }));
  }

  async search(query: SearchQuery): Promise<readonly SearchHit[]> {
    return this.#ask(index => index.search(query));
  }

  async near(id: string, query: SearchQuery): Promise<readonly SearchHit[] | undefined> {
    return this.#ask(index => index.near(id, query));
  }

  async memories(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    return this.#options.source.memories(ids, viewer);
  }

  async useModel(model: IndexModel | null): Promise<void> {
    const { held, projector, server, whole } = this.#options;
    for (const index of [whole, held, server]) await index.useModel(model);
    if (this.#choice?.place === 'server') projector.wake();
  }

  async save(): Promise<void> {
    if ((await this.#choose()).place === 'process') await this.#options.whole.save();
  }

  async verify(): Promise<{ checked: number; repaired: readonly string[] }> {
    const { level, projector, search, source, whole } = this.#options;
    const choice = await this.#choose();
    if (choice.place === 'process') return whole.verify();
    const compared = await compareWithServer(search, source, this.model, level);
    projector.wake();
    return compared;
  }

  async place(): Promise<SearchPlace> {
    const { place, problem, reason } = await this.#choose();
    if (place === 'process') return { place, reason, ...(problem && { problem: problem.message }) };
    try {
      const server = await this.#options.search.report(this.model);
      const failed =
        server.failures > 0 ? `the server could not index ${server.failures} memories` : undefined;
      const trouble = problem?.message ?? this.#failure ?? failed;
      return { place, reason, server, ...(trouble !== undefined && { problem: trouble }) };
    } catch (error) {
      if (!MemoryError.is(error)) throw error;
      return { place, reason, problem: problem?.message ?? error.message };
    }
  }

  async dropFromServer(): Promise<readonly string[]> {
    return this.#options.search.dropAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { held, newest, projector, whole } = this.#options;
    this.#watch[Symbol.dispose]();
    await projector[Symbol.asyncDispose]();
    for (const index of [whole, held, newest]) await index[Symbol.asyncDispose]();
  }

  async #ask<T>(question: (index: FreshIndex | ServerIndex) => Promise<T>): Promise<T> {
    const { place, problem } = await this.#choose();
    if (place === 'process') return question(this.#options.whole);
    if (problem) throw problem;
    try {
      const answer = await question(this.#options.server);
      if (this.#loading !== 'no') void this.#options.held.unload();
      this.#loading = 'no';
      this.#failure = undefined;
      return answer;
    } catch (error) {
      if (!MemoryError.is(error, 'unavailable')) throw error;
      const { held, newest, projector } = this.#options;
      projector.wake();
      if (this.#loading === 'no') this.#load();
      const index = this.#loading === 'done' ? held : newest;
      const answer = await question(index);
      this.#failure = `${error.message} Searched here: ${await this.#coverage(index)}.`;
      return answer;
    }
  }

  /** Nobody waits for it: until then the newest are searched. */
  #load(): void {
    this.#loading = 'begun';
    const done = (state: 'no' | 'done') => {
      if (this.#loading === 'begun') this.#loading = state;
    };
    this.#options.held.warm().then(
      () => done('done'),
      () => done('no'),
    );
  }

  async #coverage(index: FreshIndex): Promise<string> {
    const { memories } = await this.#options.source.count();
    const { memories: here } = index.size;
    return here >= memories ? `all ${memories} memories` : `the newest ${here} of ${memories} memories`;
  }

  /** Only the first time anybody waits for it. */
  async #choose(): Promise<Choice> {
    if (!this.#choice) return this.#chooseAnew();
    if (performance.now() - this.#chosenAt > CHOSEN_FOR_MS) {
      this.#chosenAt = performance.now();
      void this.#chooseAnew().catch(() => {});
    }
    return this.#choice;
  }

  async #chooseAnew(): Promise<Choice> {
    const { asked, held, memoryBytes, newest, projector, search, source, whole } = this.#options;
    const before = this.#choice?.place;
    const { memories } = await source.count();
    this.#choice = await choosePlace({ asked, before, memories, memoryBytes, model: this.model, search });
    this.#chosenAt = performance.now();
    const { place } = this.#choice;
    if (place === before) return this.#choice;
    if (place === 'server') projector.wake();
    // What is not searched any more gives its memory back.
    for (const index of place === 'server' ? [whole] : [held, newest]) await index.unload();
    return this.#choice;
  }
}
