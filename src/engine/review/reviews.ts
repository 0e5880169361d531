import { MemoryError } from '../errors.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';
import type { ReviewGate } from '../model/reviewGate.ts';
import type { Span } from '../model/span.ts';
import type { Clock } from '../ports/clock.ts';
import type { MemoryChange, MemoryFilter, MemoryStore, UnreviewedMemory } from '../ports/memoryStore.ts';
import { demandPerson } from './reviewRules.ts';

/** So many are decided in one change. */
const BATCH = 200;
const PAGE = 1000;

/** What a rejection brings back; who sees a memory is its owner's to say. */
const RESTORED = [
  ...['content', 'type', 'priority', 'tags', 'metadata', 'pinned', 'expiresAt', 'trust'],
  ...['supersedes', 'validFrom', 'validUntil', 'anchors', 'provenance'],
] as (keyof MemoryPatch)[];

export interface ReviewsOptions {
  readonly store: MemoryStore;
  readonly clock: Clock;
  readonly gate: ReviewGate;
}

/** A memory to decide on. */
export interface Named {
  readonly id: string;
  /** Refuse with `conflict` when it is another by now. Default: as it is */
  readonly version?: number | undefined;
}

export interface Decided {
  readonly id: string;
  /** `restored`: as it was accepted last. */
  readonly outcome: 'accepted' | 'forgotten' | 'restored';
  /** Undoes it. */
  readonly operationId: string;
}

/** What agents stored and changed, for a person to accept or reject. */
export class Reviews {
  readonly gate: ReviewGate;
  readonly #options: ReviewsOptions;

  constructor(options: ReviewsOptions) {
    this.#options = options;
    this.gate = options.gate;
  }

  /** Changed last first. @param instance only those that this session changed last */
  async list(
    filter: MemoryFilter,
    page: Span,
    caller: Caller,
    instance?: string,
  ): Promise<{ memories: readonly UnreviewedMemory[]; total: number }> {
    return this.#options.store.unreviewed(filter, page, viewerOf(caller), instance);
  }

  /** All that match, as they are now. */
  async waiting(filter: MemoryFilter, caller: Caller, instance?: string): Promise<readonly Named[]> {
    const all: Named[] = [];
    for (;;) {
      const page = { limit: PAGE, offset: all.length };
      const { memories, total } = await this.list(filter, page, caller, instance);
      all.push(...memories.map(({ memory: { id, version } }) => ({ id, version })));
      if (memories.length < PAGE || all.length >= total) return all;
    }
  }

  /**
   * Accepted ones are there for everybody who may see them. What was accepted before is passed over. Each batch of 200 is done whole or not.
   * Rejects with `forbidden` for who is no person, `not_found`, and `conflict` for another version.
   */
  async accept(named: readonly Named[], caller: Caller): Promise<readonly Decided[]> {
    return this.#decide(named, caller, 'pass over', ({ memory: { id, version } }) => ({
      outcome: 'accepted',
      change: {
        ...{ kind: 'update', caller, id, expectedVersion: version },
        patch: { review: 'accepted', unreviewedBy: null },
      },
    }));
  }

  /** A new memory is forgotten, a changed one becomes again what was accepted last; as `accept`, but `conflict` for what was accepted before. */
  async reject(named: readonly Named[], caller: Caller): Promise<readonly Decided[]> {
    const now = this.#options.clock.now();
    return this.#decide(named, caller, 'refuse', ({ accepted, memory }) => {
      const { id, version } = memory;
      if (!accepted) return { outcome: 'forgotten', change: { kind: 'remove', caller, id } };
      const patch = restoring(memory, accepted.memory, now);
      return {
        outcome: 'restored',
        change: { kind: 'update', caller, id, patch, expectedVersion: version },
      };
    });
  }

  async #decide(
    named: readonly Named[],
    caller: Caller,
    reviewed: 'pass over' | 'refuse',
    changeOf: (one: UnreviewedMemory) => { outcome: Decided['outcome']; change: MemoryChange },
  ): Promise<readonly Decided[]> {
    demandPerson(caller);
    const all = new Map<string, UnreviewedMemory>();
    // What is refused is refused before the first of them is decided.
    for (let start = 0; start < named.length; start += BATCH)
      for (const one of await this.#wanted(named.slice(start, start + BATCH), caller, reviewed))
        all.set(one.memory.id, one);
    const wanted = [...all.values()];
    const decided: Decided[] = [];
    for (let start = 0; start < wanted.length; start += BATCH) {
      const batch = wanted.slice(start, start + BATCH);
      const changes = batch.map(changeOf);
      const outcomes = await this.#options.store.apply(changes.map(({ change }) => change));
      for (const [i, outcome] of outcomes.entries())
        decided.push({
          id: batch[i]!.memory.id,
          outcome: changes[i]!.outcome,
          operationId:
            'operation' in outcome ? outcome.operation.id : (outcome as { operationId: string }).operationId,
        });
    }
    return decided;
  }

  async #wanted(
    named: readonly Named[],
    caller: Caller,
    reviewed: 'pass over' | 'refuse',
  ): Promise<readonly UnreviewedMemory[]> {
    const ids = [...new Set(named.map(({ id }) => id))];
    const viewer = viewerOf(caller);
    const { memories } = await this.#options.store.unreviewed({ ids }, { limit: BATCH, offset: 0 }, viewer);
    const found = new Map(memories.map(one => [one.memory.id, one]));
    const others = ids.filter(id => !found.has(id));
    for (const [i, memory] of (await this.#options.store.get(others, viewer)).entries()) {
      if (!memory) throw notFound(others[i]!);
      if (reviewed === 'refuse') throw alreadyReviewed(memory);
    }
    for (const { id, version } of named) {
      const memory = found.get(id)?.memory;
      if (memory && version !== undefined && version !== memory.version) throw changedSince(memory, version);
    }
    return ids.flatMap(id => found.get(id) ?? []);
  }
}

/** What differs, without an expiry that is over: it would take the memory away at once. */
function restoring(memory: Memory, accepted: Memory, now: number): MemoryPatch {
  const expired = accepted.expiresAt !== null && accepted.expiresAt <= now;
  const names = RESTORED.filter(
    name =>
      JSON.stringify(memory[name]) !== JSON.stringify(accepted[name]) && !(expired && name === 'expiresAt'),
  );
  return {
    ...Object.fromEntries(names.map(name => [name, accepted[name]])),
    ...{ review: 'accepted', unreviewedBy: null },
  };
}

function notFound(id: string): MemoryError {
  return new MemoryError(
    'not_found',
    `There is no memory "${id}" that you may see. Nothing was changed.`,
    'Look again what waits for review.',
  );
}

function alreadyReviewed({ id }: Memory): MemoryError {
  return new MemoryError(
    'conflict',
    `The memory "${id}" was reviewed already. Nothing was changed.`,
    'Forget it with clear_memory if it is not wanted any more.',
  );
}

function changedSince({ id, version }: Memory, seen: number): MemoryError {
  return new MemoryError(
    'conflict',
    `The memory "${id}" is at version ${version}, not ${seen}; nothing was changed.`,
    'Look at it again, then decide.',
  );
}
