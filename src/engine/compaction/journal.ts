import { COMPACTION, type Operation } from '../model/operation.ts';

/** Near-duplicates that became one memory. */
export interface Merge {
  readonly id: string;
  readonly namespace: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly by: string;
  /** Id of the memory that took the others in. */
  readonly survivor: string;
  /** Ids of those that it took in. */
  readonly merged: readonly string[];
  /** They have been taken apart again. */
  readonly undone: boolean;
}

/** The operations of one merge, as far as they are known. */
export interface MergeOperations {
  readonly survivor: Operation;
  readonly removals: readonly Operation[];
  readonly undone: boolean;
}

/** @param operations of any merges. @returns by the id of the merge, in the order in which it comes; those that are not known whole are left out */
export function mergesOf(operations: readonly Operation[]): ReadonlyMap<string, MergeOperations> {
  const byId = new Map<string, Operation[]>();
  for (const operation of operations) {
    const id = operation.instance.slice(COMPACTION.length);
    const known = byId.get(id);
    if (known) known.push(operation);
    else byId.set(id, [operation]);
  }
  const merges = new Map<string, MergeOperations>();
  for (const [id, of] of byId) {
    const inOrder = [...of].sort((a, b) => a.seq - b.seq);
    // A merge begins with its survivor.
    const [survivor] = inOrder;
    const removals = inOrder.filter(one => one.kind === 'delete');
    if (survivor?.kind !== 'update' || removals.length === 0) continue;
    merges.set(id, { survivor, removals, undone: inOrder.some(one => one.kind === 'restore') });
  }
  return merges;
}

export function mergeView(id: string, { removals, survivor, undone }: MergeOperations): Merge {
  return {
    id,
    namespace: survivor.namespace,
    at: survivor.at,
    by: survivor.principal,
    survivor: survivor.memoryId,
    merged: removals.map(one => one.memoryId),
    undone,
  };
}

/** Whether a memory was taken out of a merge again, or had others taken out of it, by whatever way. @param operations of this memory */
export function wasTakenApart(operations: readonly Operation[]): boolean {
  const ours = operations.filter(one => one.instance.startsWith(COMPACTION));
  const ids = new Set(ours.map(one => one.id));
  const merges = new Set(ours.map(one => one.instance));
  return merges.size < ours.length || operations.some(({ undoes }) => undoes !== null && ids.has(undoes));
}
