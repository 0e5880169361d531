import { MemoryError } from '../errors.ts';
import type { Viewer } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { IndexSource } from '../ports/indexSource.ts';
import type { Logger } from '../ports/logger.ts';
import type { SnapshotStore } from '../ports/snapshotStore.ts';
import type { VectorIndexFactory } from '../ports/vectorIndex.ts';
import type { Analyzer } from './analyze.ts';
import { readSnapshot, writeSnapshot } from './indexSnapshot.ts';
import { SearchIndex } from './searchIndex.ts';
import type { SearchHit, SearchQuery } from './searchQuery.ts';

/** Records a batch: one takes a few milliseconds, after which others may run. */
const BATCH = 500;
/** Changes since the last snapshot that make a new one worth its bytes. */
const SNAPSHOT_AFTER = 500;

/** Whose vectors are searched; null: words only. */
export interface IndexModel {
  readonly id: string;
  readonly dimensions: number;
}

export interface FreshIndexOptions {
  readonly source: IndexSource;
  readonly snapshots: SnapshotStore;
  readonly vectors: VectorIndexFactory;
  readonly analyzer: Analyzer;
  readonly logger: Logger;
  readonly storeId: string;
}

/**
 * The search index of this process, brought up to date before every search: another process's write is found by the next one here.
 * Loaded at the first search, from a snapshot where there is a good one. Calls take turns.
 */
export class FreshIndex implements Disposable {
  readonly #options: FreshIndexOptions;
  #model: IndexModel | null;
  #index: SearchIndex | undefined;
  #log = 0;
  #vectors = 0;
  #saved = 0;
  #whole = true;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FreshIndexOptions, model: IndexModel | null) {
    this.#options = options;
    this.#model = model;
  }

  get model(): IndexModel | null {
    return this.#model;
  }

  /** Memories and vectors that are loaded; zeros before the first search. */
  get size(): { readonly memories: number; readonly vectors: number } {
    return { memories: this.#index?.size ?? 0, vectors: this.#index?.vectors?.size ?? 0 };
  }

  async search(query: SearchQuery): Promise<readonly SearchHit[]> {
    return this.#inTurn(async () => (await this.#fresh()).search(query));
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

  /** Loads the index, so that the first search does not wait for it. */
  async warm(): Promise<void> {
    await this.#inTurn(() => this.#fresh());
  }

  /** Searches another model's vectors from now on. */
  async useModel(model: IndexModel | null): Promise<void> {
    await this.#inTurn(async () => {
      if (model?.id === this.#model?.id) return;
      this.#model = model;
      this.#vectors = 0;
      if (this.#index)
        this.#index.vectors = model ? this.#options.vectors.create(model.dimensions) : undefined;
    });
  }

  /** Saves a snapshot when enough has changed since the last one, or something in it is to be encrypted now. */
  async save(): Promise<void> {
    await this.#inTurn(async () => {
      const index = await this.#fresh();
      const { sensitive } = index.catalog;
      const exposed = sensitive && (await this.#options.snapshots.removeOpen());
      if (!this.#whole || (this.#log + this.#vectors < this.#saved + SNAPSHOT_AFTER && !exposed)) return;
      this.#saved = this.#log + this.#vectors;
      const state = { storeId: this.#options.storeId, ...this.#state() };
      await this.#options.snapshots.write(this.#name, writeSnapshot(index, state), { sealed: sensitive });
    });
  }

  /** Builds the index from the store alone and compares. @returns what was wrong; the new index is the one that stays */
  async verify(): Promise<{ checked: number; repaired: readonly string[] }> {
    return this.#inTurn(async () => {
      const old = await this.#fresh();
      const found = { memories: old.size, vectors: old.vectors?.size ?? 0 };
      const nums = new Set(
        old.catalog.num.subarray(0, old.catalog.rows).filter((_, row) => old.catalog.alive[row] === 1),
      );
      this.#clear();
      const index = await this.#fresh(false);
      const missing = index.catalog.num
        .subarray(0, index.catalog.rows)
        .filter((num, row) => index.catalog.alive[row] === 1 && !nums.has(num)).length;
      const repaired = [
        ...(missing > 0 ? [`${missing} memories were missing`] : []),
        ...(found.memories > index.size
          ? [`${found.memories - index.size} memories were gone from the store`]
          : []),
        ...(found.vectors === (index.vectors?.size ?? 0)
          ? []
          : [`${found.vectors} vectors instead of ${index.vectors?.size ?? 0}`]),
      ];
      return { checked: index.size, repaired };
    });
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  get #name(): string {
    return `index-${this.#options.storeId}`;
  }

  #state(): { model: string | null; log: number; vectors: number } {
    return { model: this.#model?.id ?? null, log: this.#log, vectors: this.#vectors };
  }

  #read = (nums: readonly number[]): Promise<Float32Array> =>
    this.#options.source.vectors(this.#model?.id ?? '', nums);

  #clear(): void {
    if (this.#index) this.#index.vectors = undefined;
    this.#index = undefined;
    this.#log = 0;
    this.#vectors = 0;
  }

  async #fresh(warm = true): Promise<SearchIndex> {
    if (this.#index?.wasteful) this.#clear();
    this.#index ??= (warm ? await this.#restore() : undefined) ?? this.#empty();
    const index = this.#index;
    const { source } = this.#options;
    const heads = await source.heads(this.#model?.id ?? '');
    this.#whole = heads.whole;
    await this.#applyChanges(index, heads.log);
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
      const batch = await this.#options.source.changesAfter(this.#log, BATCH);
      index.apply(batch.records);
      this.#log = batch.done ? Math.max(batch.cursor, head) : batch.cursor;
      if (!batch.done) await breathe();
    }
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

/** Lets timers and I/O of the process run. */
function breathe(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}
