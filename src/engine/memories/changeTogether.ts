import { MemoryError } from '../errors.ts';
import type { MemoryPatch } from '../model/memory.ts';
import type { ChangeOutcome, MemoryChange, MemoryStore } from '../ports/memoryStore.ts';
import type { Draft, UpdateOptions } from './draft.ts';
import { inPlace } from './inPlace.ts';

/** One of several changes that a caller wants done together. */
export type WantedChange =
  | { readonly kind: 'store'; readonly draft: Draft }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly patch: MemoryPatch;
      readonly options: UpdateOptions;
    }
  | { readonly kind: 'forget'; readonly id: string };

/** As it was done, with the rules of the secrets that were masked. */
export type DoneChange = Exclude<ChangeOutcome, { kind: 'undo' | 'count' }> & {
  readonly secrets: readonly string[];
};

interface Prepared {
  readonly change: MemoryChange;
  readonly secrets: readonly string[];
}

/** See `Memories.change`. @param prepare as the store takes it; rejects for what it cannot be */
export async function changeTogether(
  changes: readonly WantedChange[],
  store: MemoryStore,
  prepare: (change: WantedChange) => Promise<Prepared>,
): Promise<readonly DoneChange[]> {
  const places = new Map<string, number>();
  const prepared: Prepared[] = [];
  for (const [i, change] of changes.entries()) {
    try {
      if (change.kind !== 'store') refuseRepeat(change.id, places, i + 1);
      prepared.push(await prepare(change));
    } catch (error) {
      throw inPlace(error, i + 1, changes.length);
    }
  }
  const outcomes = await store.apply(prepared.map(one => one.change));
  return outcomes.map((outcome, i) => ({ ...outcome, secrets: prepared[i]?.secrets ?? [] }) as DoneChange);
}

/** Each is checked against the memory as it is before all of them. */
function refuseRepeat(id: string, places: Map<string, number>, place: number): void {
  const first = places.get(id);
  if (first === undefined) {
    places.set(id, place);
    return;
  }
  throw new MemoryError(
    'invalid_input',
    `The memory "${id}" is changed by change ${first} already; nothing was changed.`,
    'Make one change of both, or do them one after the other.',
  );
}
