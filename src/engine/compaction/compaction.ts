import { MemoryError } from '../errors.ts';
import { Pace } from '../map/pace.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import { COMPACTION } from '../model/operation.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContextStore } from '../ports/contextStore.ts';
import type { Identity } from '../ports/identity.ts';
import type { Logger } from '../ports/logger.ts';
import type { IndexModel } from '../ports/memoryIndex.ts';
import type { Store } from '../ports/store.ts';
import type { VectorIndexFactory } from '../ports/vectorIndex.ts';
import type { LeftAlone } from './leftAlone.ts';
import { mergedPatch } from './mergedPatch.ts';
import { type Duplicate, NearDuplicates } from './nearDuplicates.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { partitionsOf } from './partitions.ts';
import { eyesFor } from './whoseMemories.ts';
import { whyHeld } from './whyHeld.ts';

/** Memories after which progress is told. */
const TOLD_EACH = 50;
/** A look at one memory comes on top. */
const SLICE_MS = 2;

export interface CompactionOptions {
  readonly store: Store;
  readonly contexts: ContextStore;
  readonly vectors: VectorIndexFactory;
  /** Id of the model whose vectors are compared; undefined: there is none. */
  readonly model: string | undefined;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly logger: Logger;
  /** Least cosine similarity of what is merged, 0..1. */
  readonly threshold: number;
  /** Those are merged that no person has reviewed, too; else they are left alone. */
  readonly unreviewed: boolean;
}

export interface CompactionRequest {
  /** Only in these; undefined: all. */
  readonly namespaces?: readonly string[] | undefined;
  /** Only what has this tag; undefined: all. */
  readonly tag?: string | undefined;
  /** Only find out what would be merged. */
  readonly dryRun: boolean;
  /** Also what is private to others than the caller, of each owner by itself: for the worker. Default false */
  readonly everybody?: boolean;
  /** Ends after about so many groups. Default: none */
  readonly limit?: number;
}

/** Memories that are one now, or would be. */
export interface MergedGroup {
  /** Of the merge; null in a dry run. */
  readonly id: string | null;
  readonly survivor: Memory;
  readonly others: readonly Duplicate[];
}

export interface CompactionReport {
  readonly examined: number;
  readonly groups: readonly MergedGroup[];
  /** Somebody changed one of them meanwhile. */
  readonly overtaken: number;
  /** How many were not looked at, by why. */
  readonly leftAlone: Readonly<Partial<Record<LeftAlone | 'no vector', number>>>;
  /** All has been looked at. */
  readonly done: boolean;
}

export interface CompactionProgress {
  readonly examined: number;
  readonly total: number;
  readonly merged: number;
}

/** What a run has come to. */
interface Run {
  readonly request: CompactionRequest;
  readonly groups: MergedGroup[];
  readonly lonely: Map<string, LeftAlone | 'no vector'>;
  /** Ids of those that were merged, or would be. */
  readonly taken: Set<string>;
  overtaken: number;
}

/** Merges memories that say the same, one group a change, so that each merge can be taken apart again. */
export class Compaction {
  readonly #options: CompactionOptions;

  constructor(options: CompactionOptions) {
    this.#options = options;
  }

  /**
   * Goes through the memories, a namespace and type at a time. Safe at any time, anywhere, by several at once, and again: a group is merged
   * whole, once, or not at all, so that one that was stopped is begun again. Rejects with `unavailable` without a model, and while the
   * memory that machines share is out of reach; `cancelled` on abort, which ends it between two memories.
   */
  async run(
    request: CompactionRequest,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (progress: CompactionProgress) => void = () => {},
  ): Promise<CompactionReport> {
    const { logger, store, unreviewed, vectors } = this.#options;
    const model = await this.#model();
    const pace = new Pace(signal, SLICE_MS);
    const state: Run = { request, groups: [], lonely: new Map(), taken: new Set(), overtaken: 0 };
    let examined = 0;
    const report = (done: boolean): CompactionReport => ({
      ...{ examined, groups: state.groups, overtaken: state.overtaken, done },
      leftAlone: countsOf([...state.lonely.values()]),
    });
    try {
      const partitions = await partitionsOf(
        store.index,
        { ...request, unreviewed },
        caller,
        pace,
        (id, why) => state.lonely.set(id, why),
      );
      if (!model) return report(true);
      const total = partitions.reduce((sum, one) => sum + one.size, 0);
      using index = vectors.create(model.dimensions);
      const neighbourhood = new Neighbourhood(store.index, index, model.id);
      for (const partition of partitions) {
        await neighbourhood.enter(partition, pace, one => state.lonely.set(one.id, 'no vector'));
        for (const member of partition.values()) {
          await pace.step();
          examined += 1;
          if (!state.taken.has(member.id))
            await this.#look(member.id, neighbourhood, eyesFor(member, caller), state);
          if (examined % TOLD_EACH === 0) onProgress({ examined, total, merged: state.groups.length });
          if (state.groups.length >= (request.limit ?? Number.POSITIVE_INFINITY)) return report(false);
        }
      }
      onProgress({ examined, total, merged: state.groups.length });
    } catch (error) {
      throw signal.aborted ? stopped() : error;
    }
    if (state.groups.length > 0 && !request.dryRun)
      logger.info('near-duplicates were merged', { groups: state.groups.length });
    return report(true);
  }

  /** undefined while no memory has a vector of it. */
  async #model(): Promise<IndexModel | undefined> {
    const { model, store } = this.#options;
    if (model === undefined)
      throw new MemoryError(
        'unavailable',
        'Without a model of embeddings nobody knows what is alike; nothing was merged.',
        'Set embedding.provider.',
      );
    const known = (await store.embeddings.models()).find(one => one.model === model);
    return known && { id: model, dimensions: known.dimensions };
  }

  /** Merges what is around a memory, until nothing is. */
  async #look(id: string, neighbourhood: Neighbourhood, eyes: Caller, state: Run): Promise<void> {
    const { store, threshold, unreviewed } = this.#options;
    const { groups, lonely, request, taken } = state;
    const duplicates = new NearDuplicates({ memories: store.memories, neighbourhood, threshold, unreviewed });
    for (;;) {
      const found = await duplicates.around(id, eyes);
      if (found.kind === 'alone') {
        if (found.why) lonely.set(id, found.why);
        return;
      }
      const group = await this.#free(found.survivor, found.others, eyes, state);
      if (!group) return;
      const merge = request.dryRun ? null : await this.#merge(group.survivor, group.others, eyes);
      for (const { memory } of group.others) taken.add(memory.id);
      if (merge === undefined) state.overtaken += 1;
      else groups.push({ id: merge, ...group });
      if (!merge) return;
      for (const { memory } of group.others) neighbourhood.leave(memory.id);
      // There may be more than are looked at at a time.
      if (taken.has(id)) return;
    }
  }

  /** Without those that nobody may touch; undefined where nothing is left to merge. */
  async #free(
    survivor: Memory,
    others: readonly Duplicate[],
    eyes: Caller,
    { lonely, taken }: Run,
  ): Promise<{ survivor: Memory; others: readonly Duplicate[] } | undefined> {
    const held = async (memory: Memory): Promise<boolean> => {
      const why = await whyHeld(memory, eyes, this.#options);
      if (why) lonely.set(memory.id, why);
      return why !== undefined;
    };
    if (taken.has(survivor.id) || (await held(survivor))) return undefined;
    const free: Duplicate[] = [];
    for (const one of others) {
      const joined = [...free, one].map(({ memory }) => memory);
      if (taken.has(one.memory.id) || !mergedPatch(survivor, joined)) continue;
      if (!(await held(one.memory))) free.push(one);
    }
    return free.length > 0 ? { survivor, others: free } : undefined;
  }

  /** @returns the id of the merge; undefined where somebody else was faster */
  async #merge(survivor: Memory, others: readonly Duplicate[], caller: Caller): Promise<string | undefined> {
    const { identity, store } = this.#options;
    const id = identity.newId();
    const by = { ...caller, instance: COMPACTION + id };
    const merged = others.map(({ memory }) => memory);
    const patch = mergedPatch(survivor, merged)!;
    const of = merged.map(one => one.id);
    try {
      await store.memories.apply(
        [
          { kind: 'update', caller: by, id: survivor.id, patch, expectedVersion: survivor.version },
          { kind: 'count', caller: by, to: survivor.id, of },
          ...merged.map(
            one => ({ kind: 'remove', caller: by, id: one.id, expectedVersion: one.version }) as const,
          ),
        ],
        { atOnce: true },
      );
      return id;
    } catch (error) {
      if (MemoryError.is(error, 'conflict') || MemoryError.is(error, 'not_found')) return undefined;
      throw error;
    }
  }
}

function countsOf<T extends string>(all: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const one of all) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

function stopped(): MemoryError {
  return new MemoryError(
    'cancelled',
    'Compaction was stopped.',
    'What is merged stays so; run it again to go on.',
  );
}
