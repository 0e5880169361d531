import { type Caller, viewerOf } from '../model/caller.ts';
import type { EmbeddedMemory, EmbeddingStore } from '../ports/embeddingStore.ts';
import type { IndexSource } from '../ports/indexSource.ts';
import type { MemoryFilter } from '../ports/memoryStore.ts';
import type { MemoryMap } from './memoryMap.ts';
import { Pace } from './pace.ts';
import { Plane } from './plane.ts';
import type { Points } from './points.ts';
import { type Axes, principalAxes, project } from './principalAxes.ts';

/** A map holds so many memories at most, the newest. */
const MOST = 50_000;
/** Vectors are compared along so many principal axes: neighbours are still neighbours there, and a memory takes 128 bytes. */
const AXES = 32;
/** The axes are those of so many memories, spread evenly. */
const SAMPLE = 2_000;
const ROWS_AT_ONCE = 1_000;
const VECTORS_AT_ONCE = 250;
/** So much may come to a plane before all are laid out anew: a share of what it was made of, and a few. */
const GROWTH = 0.5;
const FEW = 20;

export interface MemoryMapsOptions {
  readonly embeddings: Pick<EmbeddingStore, 'list'>;
  readonly source: Pick<IndexSource, 'vectors'>;
  /** Whose vectors are shown; undefined: there are none. */
  readonly model: () => string | undefined;
  /** See `MOST`. */
  readonly most?: number;
}

/** What is known of the last map: whose it is, where its memories are, and what vectors these had. */
interface Laid {
  readonly key: string;
  readonly plane: Plane;
  /** Of how many it was made. */
  readonly made: number;
  readonly points: Map<number, { readonly point: number; readonly vector: number }>;
}

/**
 * Draws maps of memories by their embeddings. The last one is kept: as long as the same caller asks for the same namespaces, no memory
 * moves, and new ones find their places among the others.
 */
export class MemoryMaps {
  readonly #options: MemoryMapsOptions;
  #laid: Laid | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MemoryMapsOptions) {
    this.#options = options;
  }

  /**
   * All that the caller may see there, without expired ones: as it was last, else along the two axes on which they differ most.
   * @param namespaces undefined: all
   */
  async look(
    namespaces: readonly string[] | undefined,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<MemoryMap> {
    return this.#inTurn(async () => {
      const pace = new Pace(signal);
      const model = this.#options.model() ?? '';
      const rows = await this.#rows(model, namespaces ? { namespaces } : {}, caller, pace);
      const most = this.#options.most ?? MOST;
      const all = rows.slice(0, most);
      const embedded = all.filter(({ vector }) => vector !== null);
      const key = JSON.stringify([model, namespaces, viewerOf(caller)]);
      const laid = await this.#lay(key, model, embedded, pace);
      const places = new Float32Array(embedded.length * 2);
      for (const [i, { num }] of embedded.entries())
        laid?.plane.copyPlace(laid.points.get(num)!.point, places, 2 * i);
      return {
        ids: embedded.map(({ id }) => id),
        places,
        types: embedded.map(({ type }) => type),
        agents: embedded.map(({ agent }) => agent),
        without: all.length - embedded.length,
        cut: rows.length > most,
        refined: laid?.plane.refined ?? true,
      };
    });
  }

  /** The same once neighbours have found each other: at once where they have, else some seconds later. Others run meanwhile. */
  async refined(
    namespaces: readonly string[] | undefined,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<MemoryMap> {
    for (;;) {
      const map = await this.look(namespaces, caller, signal);
      if (map.refined) return map;
      await this.#laid?.plane.refine(new Pace(signal));
    }
  }

  /** Ids of those that match and that the caller may see, by the order in which they were stored, newest first. */
  async matching(filter: MemoryFilter, caller: Caller, signal: AbortSignal): Promise<readonly string[]> {
    const rows = await this.#rows(this.#options.model() ?? '', filter, caller, new Pace(signal));
    return rows.map(({ id }) => id);
  }

  /** Newest first, one more than a map holds. */
  async #rows(
    model: string,
    filter: MemoryFilter,
    caller: Caller,
    pace: Pace,
  ): Promise<readonly EmbeddedMemory[]> {
    const most = (this.#options.most ?? MOST) + 1;
    const rows: EmbeddedMemory[] = [];
    while (rows.length < most) {
      const below = rows.at(-1)?.num ?? Number.MAX_SAFE_INTEGER;
      const limit = Math.min(ROWS_AT_ONCE, most - rows.length);
      const page = await this.#options.embeddings.list(model, filter, viewerOf(caller), { below, limit });
      rows.push(...page);
      if (page.length < limit) break;
      await pace.step();
    }
    return rows;
  }

  async #lay(
    key: string,
    model: string,
    rows: readonly EmbeddedMemory[],
    pace: Pace,
  ): Promise<Laid | undefined> {
    if (rows.length === 0) return undefined;
    const known = this.#laid?.key === key ? this.#laid : undefined;
    const missing = known && rows.filter(({ num, vector }) => known.points.get(num)?.vector !== vector);
    if (known && missing && known.points.size + missing.length <= known.made * (1 + GROWTH) + FEW) {
      await this.#vectors(model, missing, pace, (vectors, at, { num, vector }) => {
        known.points.set(num, { point: known.plane.add(vectors, at), vector: vector! });
      });
      return known;
    }
    const { axes, reduced } = await this.#reduce(model, rows, pace);
    const points = new Map(rows.map(({ num, vector }, point) => [num, { point, vector: vector! }]));
    this.#laid = { key, points, made: rows.length, plane: new Plane(axes, reduced) };
    return this.#laid;
  }

  /** Vectors are read in small parts and are not kept: a map of many takes no more memory while it is made. */
  async #reduce(
    model: string,
    rows: readonly EmbeddedMemory[],
    pace: Pace,
  ): Promise<{ readonly axes: Axes; readonly reduced: Points }> {
    const count = Math.min(SAMPLE, rows.length);
    const sample = Array.from({ length: count }, (_, i) => rows[Math.floor((i * rows.length) / count)]!);
    const parts: Float32Array[] = [];
    let dimensions = 0;
    await this.#vectors(model, sample, pace, (vectors, at, _row, length) => {
      dimensions = length;
      parts.push(vectors.subarray(at, at + length));
    });
    const values = new Float32Array(count * dimensions);
    for (const [i, part] of parts.entries()) values.set(part, i * dimensions);
    const axes = await principalAxes({ dimensions, values }, AXES, pace);
    const reduced = new Float32Array(rows.length * axes.count);
    let point = 0;
    await this.#vectors(model, rows, pace, (vectors, at) =>
      project(axes, vectors, at, reduced, axes.count * point++),
    );
    return { axes, reduced: { dimensions: axes.count, values: reduced } };
  }

  async #vectors(
    model: string,
    rows: readonly EmbeddedMemory[],
    pace: Pace,
    take: (vectors: Float32Array, at: number, row: EmbeddedMemory, dimensions: number) => void,
  ): Promise<void> {
    for (let start = 0; start < rows.length; start += VECTORS_AT_ONCE) {
      const some = rows.slice(start, start + VECTORS_AT_ONCE);
      const nums = some.map(({ num }) => num);
      const vectors = await this.#options.source.vectors(model, nums);
      const dimensions = vectors.length / some.length;
      for (const [i, row] of some.entries()) {
        take(vectors, i * dimensions, row, dimensions);
        await pace.step();
      }
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
