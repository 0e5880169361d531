import { MemoryError } from '../errors.ts';
import type { Viewer } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { IndexModel, MemoryIndex, SearchPlace } from '../ports/memoryIndex.ts';
import type { TermStatistics } from '../ranking/windowedBm25.ts';
import type { AnswerCache } from './answerCache.ts';
import { AskedTogether } from './askedTogether.ts';
import { breathe } from './breathe.ts';
import { changedBetween } from './changedBetween.ts';
import type { FreshIndexOptions } from './freshIndexOptions.ts';
import { differences, fingerprintOf } from './indexFingerprint.ts';
import { readSnapshot, writeSnapshot } from './indexSnapshot.ts';
import { SearchIndex } from './searchIndex.ts';
import type { SearchHit, SearchQuery } from './searchQuery.ts';

/** Records a batch: one takes a few milliseconds, after which others may run. */
const BATCH = 500;
/** Changes since the last snapshot that make a new one worth its bytes, and the time that searches wait for it: so many, and such a share of the memories. */
const SNAPSHOT_AFTER = 500;
const SNAPSHOT_SHARE = 0.02;

/**
 * The search index of this process, brought up to date before every search: another process's write is found by the next one here.
 * Loaded at the first search, from a snapshot where there is a good one of all memories. Calls take turns.
 */
export class FreshIndex implements MemoryIndex, Disposable {
  readonly #options: FreshIndexOptions;
  #model: IndexModel | null;
  #index: SearchIndex | undefined;
  #log = 0;
  #vectors = 0;
  #saved = 0;
  #whole = true;
  /** Where the newest memories begin in the log, and how many were loaded. */
  #since = 0;
  #loaded = Number.POSITIVE_INFINITY;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #searches = new AskedTogether(
    work => this.#inTurn(work),
    async () => this.#searchIn(await this.#fresh()),
  );
  readonly #answers: AnswerCache | undefined;
  /** How often the index was built anew, or another model's vectors came into it. */
  #generation = 0;

  constructor(options: FreshIndexOptions, model: IndexModel | null) {
    this.#options = options;
    this.#model = model;
    this.#answers = options.answers?.();
  }

  readonly problem = undefined;

  get model(): IndexModel | null {
    return this.#model;
  }

  /** Memories and vectors that are loaded; zeros before the first search. */
  get size(): { readonly memories: number; readonly vectors: number } {
    return { memories: this.#index?.size ?? 0, vectors: this.#index?.vectors?.size ?? 0 };
  }

  async search(query: SearchQuery): Promise<readonly SearchHit[]> {
    return this.#searches.ask(query);
  }

  /** What a search found, as the store has it. */
  async memories(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    return this.#options.source.memories(ids, viewer);
  }

  /** Nearest to a memory's own vector; undefined when it has none yet. */
  async near(id: string, query: SearchQuery): Promise<readonly SearchHit[] | undefined> {
    return this.#inTurn(async () => {
      const index = await this.#fresh();
      const row = index.catalog.ids.indexOf(id);
      const num = row < 0 ? -1 : index.catalog.num[row]!;
      if (num < 0 || !index.vectors?.has(num)) return undefined;
      return index.near({ ...query, vector: await this.#read([num]) }, this.#read);
    });
  }

  /** Nearest to a vector of unit length. */
  async nearTo(vector: Float32Array, query: SearchQuery): Promise<readonly SearchHit[]> {
    return this.#inTurn(async () => (await this.#fresh()).near({ ...query, vector }, this.#read));
  }

  /** Loads the index, so that the first search does not wait for it. */
  async warm(): Promise<void> {
    await this.#inTurn(() => this.#fresh());
  }

  /** How common terms are among the memories held here that the viewer may see in the namespaces. */
  async statistics(query: SearchQuery, terms: readonly number[]): Promise<TermStatistics> {
    return this.#inTurn(async () => (await this.#fresh()).statistics(query, terms));
  }

  /** Gives its memory back; the next search loads it again. */
  async unload(): Promise<void> {
    await this.#inTurn(async () => this.#clear());
  }

  /** Searches another model's vectors from now on. */
  async useModel(model: IndexModel | null): Promise<void> {
    await this.#inTurn(async () => {
      if (model?.id === this.#model?.id) return;
      this.#model = model;
      this.#vectors = 0;
      this.#generation += 1;
      if (this.#index)
        this.#index.vectors = model ? this.#options.vectors.create(model.dimensions) : undefined;
    });
  }

  /** Saves a snapshot when enough has changed since the last one, or something in it is to be encrypted now. */
  async save(): Promise<void> {
    if (this.#options.newest !== undefined) return;
    await this.#inTurn(async () => {
      const index = await this.#fresh();
      const { sensitive } = index.catalog;
      const exposed = sensitive && (await this.#options.snapshots.removeOpen());
      const wanted = Math.max(SNAPSHOT_AFTER, SNAPSHOT_SHARE * index.size);
      const due = this.#log + this.#vectors >= this.#saved + wanted;
      if (this.#whole && (due || exposed)) await this.#write(index);
    });
  }

  /**
   * Builds an index from the store alone, aside, so that searches go on, and compares.
   * @returns what was wrong; the new index is the one that stays, also for the next start
   */
  async verify(): Promise<{ checked: number; repaired: readonly string[] }> {
    const { answers: _, ...options } = this.#options;
    const aside = new FreshIndex(options, this.#model);
    const wanted = fingerprintOf(await aside.#fresh(false));
    const then = aside.#state();
    return this.#inTurn(async () => {
      const found = fingerprintOf(await this.#fresh());
      const changed = await changedBetween(options.source, then, this.#state());
      // Another model's vectors came meanwhile, from the store.
      if (aside.#model?.id !== this.#model?.id) return { checked: found.memories.size, repaired: [] };
      const repaired = differences(found, wanted, changed);
      const index = await aside.#fresh(false);
      this.#clear();
      [this.#index, this.#log, this.#vectors] = [index, aside.#log, aside.#vectors];
      // What was wrong came from there, or would get there.
      if (repaired.length > 0) await this.#write(index);
      return { checked: index.size, repaired };
    });
  }

  async place(): Promise<SearchPlace> {
    return { place: 'process', reason: 'there is no central Redis' };
  }

  async dropFromServer(): Promise<readonly string[]> {
    throw new MemoryError('invalid_input', 'There is no central Redis in the settings.', 'Set REDIS_URL.');
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#clear();
  }

  get #name(): string {
    return `index-${this.#options.storeId}`;
  }

  #state(): { model: string | null; log: number; vectors: number } {
    return { model: this.#model?.id ?? null, log: this.#log, vectors: this.#vectors };
  }

  #searchIn(index: SearchIndex): (query: SearchQuery) => Promise<readonly SearchHit[]> {
    const version = `${this.#generation} ${this.#log} ${this.#vectors} ${this.#whole}`;
    return async query => {
      const known = this.#answers?.find(version, query);
      if (known) return known;
      const hits = await index.search(query);
      this.#answers?.keep(query, hits, index.changesAt(query));
      return hits;
    };
  }

  #read = (nums: readonly number[]): Promise<Float32Array> =>
    this.#options.source.vectors(this.#model?.id ?? '', nums);

  /** An index that lacks what cannot be decrypted here is not saved. */
  async #write(index: SearchIndex): Promise<void> {
    if (!this.#whole || this.#options.newest !== undefined) return;
    this.#saved = this.#log + this.#vectors;
    const state = { storeId: this.#options.storeId, ...this.#state() };
    const { sensitive: sealed } = index.catalog;
    await this.#options.snapshots.write(this.#name, writeSnapshot(index, state), { sealed });
  }

  #clear(): void {
    if (this.#index) this.#index.vectors = undefined;
    this.#index = undefined;
    this.#generation += 1;
    this.#log = 0;
    this.#vectors = 0;
    this.#loaded = Number.POSITIVE_INFINITY;
  }

  async #fresh(warm = true): Promise<SearchIndex> {
    const { newest, source } = this.#options;
    const outgrown = newest !== undefined && (this.#index?.size ?? 0) > this.#loaded + newest;
    if (this.#index?.wasteful || outgrown) this.#clear();
    if (!this.#index && newest !== undefined) this.#since = await source.newestAfter(newest);
    this.#index ??= (warm && newest === undefined ? await this.#restore() : undefined) ?? this.#empty();
    const index = this.#index;
    const heads = await source.heads(this.#model?.id ?? '');
    this.#whole = heads.whole;
    await this.#applyChanges(index, heads.log);
    if (newest !== undefined) {
      if (this.#loaded > index.size) this.#loaded = index.size;
      if (this.#model && this.#vectors === 0) await this.#applyOwnVectors(index, this.#model, heads.vectors);
    }
    while (this.#model && this.#vectors < heads.vectors) {
      const batch = await source.vectorsAfter(this.#model.id, this.#vectors, BATCH);
      // A vector may belong to a memory that came after the heads were read: its record first, or the vector would be lost.
      await this.#applyChanges(index, (await source.heads(this.#model.id)).log);
      index.applyVectors(batch.records);
      this.#vectors = batch.done ? Math.max(batch.cursor, heads.vectors) : batch.cursor;
      if (!batch.done) await breathe();
    }
    return index;
  }

  async #applyChanges(index: SearchIndex, head: number): Promise<void> {
    while (this.#log < head) {
      const batch = await this.#options.source.changesAfter(this.#log, BATCH, this.#since);
      index.apply(batch.records);
      this.#log = batch.done ? Math.max(batch.cursor, head) : batch.cursor;
      if (!batch.done) await breathe();
    }
  }

  /** Where only some memories are held, theirs are read instead of all. @param head of the vectors, before they are read */
  async #applyOwnVectors(index: SearchIndex, { dimensions }: IndexModel, head: number): Promise<void> {
    const { alive, num, rows } = index.catalog;
    const nums = [...num.subarray(0, rows)].filter((_, row) => alive[row] === 1);
    for (let i = 0; i < nums.length; i += BATCH) {
      const some = nums.slice(i, i + BATCH);
      const found = await this.#read(some);
      const vectors = some.map((one, j) => ({
        num: one,
        vector: found.subarray(j * dimensions, (j + 1) * dimensions),
      }));
      index.applyVectors(vectors.filter(({ vector }) => vector.some(value => value !== 0)));
    }
    this.#vectors = head;
  }

  #empty(): SearchIndex {
    const index = new SearchIndex(this.#options.analyzer);
    if (this.#model) index.vectors = this.#options.vectors.create(this.#model.dimensions);
    return index;
  }

  async #restore(): Promise<SearchIndex | undefined> {
    const { analyzer, logger, snapshots, source, storeId, vectors } = this.#options;
    const bytes = await snapshots.read(this.#name);
    if (!bytes) return undefined;
    try {
      const restored = readSnapshot(bytes, analyzer, vectors, { storeId, model: this.#model?.id ?? null });
      const heads = await source.heads(this.#model?.id ?? '');
      // A snapshot that knows more than the store belongs to a file that was replaced by an older one.
      if (!restored || restored.state.log > heads.log || restored.state.vectors > heads.vectors)
        return undefined;
      const { index, state } = restored;
      if (this.#model && !index.vectors) return undefined;
      this.#log = state.log;
      this.#vectors = state.vectors;
      this.#saved = state.log + state.vectors;
      return index;
    } catch (error) {
      const reason = MemoryError.is(error) ? error.message : String(error);
      logger.warn('the index snapshot is of no use and built anew', { reason });
      return undefined;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
