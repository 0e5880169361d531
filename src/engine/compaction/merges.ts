import { MemoryError } from '../errors.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import { COMPACTION } from '../model/operation.ts';
import type { Clock } from '../ports/clock.ts';
import type { MemoryChange } from '../ports/memoryStore.ts';
import type { Store } from '../ports/store.ts';
import { type Merge, mergesOf, mergeView } from './journal.ts';
import { unmergedPatch } from './mergedPatch.ts';

/** Of a merge: a survivor and what it took in, there and back. */
const MOST_OPERATIONS = 200;
/** Of a merge, mostly. */
const OPERATIONS_EACH = 10;

/** What was merged, as far back as the operation log is known here, and how it comes apart again. */
export class Merges {
  readonly #options: { readonly store: Store; readonly clock: Clock };

  constructor(options: { readonly store: Store; readonly clock: Clock }) {
    this.#options = options;
  }

  /** The latest merges that the caller may see, newest first. @param limit 1..1000 */
  async list(
    namespaces: readonly string[] | undefined,
    limit: number,
    caller: Caller,
  ): Promise<readonly Merge[]> {
    const operations = await this.#options.store.operations.recent(
      limit * OPERATIONS_EACH,
      viewerOf(caller),
      {
        merges: true,
        ...(namespaces && { namespaces }),
      },
    );
    return [...mergesOf(operations)].slice(0, limit).map(([id, merge]) => mergeView(id, merge));
  }

  /**
   * Brings back what a merge took in, and the survivor to what it was, but for what was changed since. All or nothing.
   * Rejects with `not_found` for a merge that is not known here, `conflict` for one that was taken apart already, and where one of them
   * cannot come back, such as for another memory with its content.
   */
  async takeApart(id: string, caller: Caller): Promise<Merge> {
    const { clock, store } = this.#options;
    const viewer = viewerOf(caller);
    const operations = await store.operations.recent(MOST_OPERATIONS, viewer, { merges: id });
    const merge = mergesOf(operations).get(id);
    if (!merge)
      throw new MemoryError(
        'not_found',
        `There is no merge "${id}" that you may see.`,
        'Look it up with list_merges.',
      );
    const { removals, survivor, undone } = merge;
    if (undone)
      throw new MemoryError(
        'conflict',
        `The merge "${id}" was taken apart already.`,
        'Nothing is to be done.',
      );
    const [current] = await store.memories.get([survivor.memoryId], viewer);
    const versions = current ? await store.memories.versions(current.id, viewer) : [];
    const before = versions.find(one => one.replacedBy === survivor.id)?.memory;
    const by = { ...caller, instance: COMPACTION + id };
    // Somebody may have brought one back already.
    const back = await store.memories.get(
      removals.map(one => one.memoryId),
      viewer,
    );
    const gone = removals.filter((_, i) => !back[i]);
    const changes: MemoryChange[] = gone.map(one => ({ kind: 'undo', caller: by, operationId: one.id }));
    if (current && before) {
      const patch = unmergedPatch(before, survivor.patch, current, clock.now());
      const { id: to, version } = current;
      const of = gone.map(one => one.memoryId);
      changes.push({ kind: 'update', caller: by, id: to, patch, expectedVersion: version });
      changes.push({ kind: 'count', caller: by, to, of, away: true });
    }
    await store.memories.apply(changes, { atOnce: true });
    return { ...mergeView(id, merge), undone: true };
  }
}
