import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { readNamespaces } from '../../../engine/model/namespace.ts';
import { MERGER } from '../../../engine/model/operation.ts';
import { type MemoryView, viewMemory } from '../../../tools/memories/views.ts';

/** So many changes are looked through, the newest. */
const CHANGES = 1000;

/** Memories that were changed here and elsewhere at once, so that of a field one value lost. */
export interface Conflicts {
  /** Position of the newest change, to go on from. */
  readonly head: number;
  readonly memories: readonly MemoryView[];
}

/** @param after position that was looked at last */
export async function conflictsOf(
  engine: Pick<Engine, 'operations' | 'memories'>,
  caller: Caller,
  after: number,
): Promise<Conflicts> {
  const namespaces = readNamespaces(undefined, caller)!;
  const [newest] = await engine.operations(1, caller, { namespaces });
  const head = newest?.seq ?? 0;
  if (head === after) return { head, memories: [] };
  // Another store counts anew.
  const from = after > head ? 0 : after;
  const operations = await engine.operations(CHANGES, caller, { namespaces, after: from });
  const merged = operations.filter(({ principal }) => principal === MERGER);
  const ids = [...new Set(merged.map(({ memoryId }) => memoryId))];
  if (ids.length === 0) return { head, memories: [] };
  const page = { limit: ids.length, offset: 0, order: 'updated' } as const;
  const { memories } = await engine.memories.list({ ids, namespaces }, page, caller);
  return { head, memories: memories.map(viewMemory) };
}
