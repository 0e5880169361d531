import { type Caller, viewerOf } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { MemoryStore } from '../ports/memoryStore.ts';
import { type LeftAlone, mayMeet, whyAlone } from './leftAlone.ts';
import { outranks, type Stated } from './mergedPatch.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { saysAll, statementOf } from './statements.ts';

/** Each time to one that outranks the one before. */
const MOST_STEPS = 10;

export interface NearDuplicatesOptions {
  readonly memories: MemoryStore;
  readonly neighbourhood: Neighbourhood;
  /** Least cosine similarity, 0..1. */
  readonly threshold: number;
  /** Those are merged that no person has reviewed, too. */
  readonly unreviewed: boolean;
}

export interface Duplicate {
  readonly memory: Memory;
  /** Cosine similarity to the survivor. */
  readonly score: number;
}

/** What was found around a memory. */
export type Found =
  | { readonly kind: 'alone'; readonly why: LeftAlone | undefined }
  | { readonly kind: 'group'; readonly survivor: Memory; readonly others: readonly Duplicate[] };

type Near = readonly (Stated & { readonly score: number })[];

const ALONE: Found = { kind: 'alone', why: undefined };

/** Finds what says the same as a memory: near by meaning, and by its words the same. */
export class NearDuplicates {
  readonly #options: NearDuplicatesOptions;

  constructor(options: NearDuplicatesOptions) {
    this.#options = options;
  }

  /** The memory that would remain of those around this one, and those that it would take in. @param caller through whose eyes */
  async around(id: string, caller: Caller): Promise<Found> {
    const { memories, neighbourhood, threshold, unreviewed } = this.#options;
    // Most have none, and are not read.
    if ((await neighbourhood.near(id, threshold)).length === 0) return ALONE;
    const [memory] = await memories.get([id], viewerOf(caller));
    if (!memory) return ALONE;
    const why = whyAlone(memory, unreviewed);
    if (why) return { kind: 'alone', why };
    let centre: Stated = { memory, statement: statementOf(memory.content) };
    let near: Near = await this.#near(memory, caller);
    for (let step = 0; step < MOST_STEPS; step++) {
      const { statement } = centre;
      const above: Near = near.filter(one => saysAll(one.statement, statement) && outranks(one, centre));
      if (above.length === 0) break;
      centre = above.reduce((best, one) => (outranks(one, best) ? one : best));
      near = await this.#near(centre.memory, caller);
    }
    const others = near.filter(one => saysAll(centre.statement, one.statement) && outranks(centre, one));
    return others.length === 0 ? ALONE : { kind: 'group', survivor: centre.memory, others };
  }

  /** Those around that it might be merged with, nearest first. */
  async #near(memory: Memory, caller: Caller): Promise<Near> {
    const { memories, neighbourhood, threshold, unreviewed } = this.#options;
    const near = await neighbourhood.near(memory.id, threshold);
    const found = await memories.get(
      near.map(({ id }) => id),
      viewerOf(caller),
    );
    return found.flatMap((one, i) =>
      one && mayMeet(memory, one) && !whyAlone(one, unreviewed)
        ? [{ memory: one, statement: statementOf(one.content), score: near[i]!.score }]
        : [],
    );
  }
}
