import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';
import type { Operation } from '../model/operation.ts';
import type { Span } from '../model/span.ts';
import type {
  ApplyOptions,
  ChangeOutcome,
  InsertOutcome,
  MemoryChange,
  MemoryCounts,
  MemoryFilter,
  MemoryStore,
  MemoryTrend,
  MemoryVersion,
  NewMemory,
  Page,
  TrendDays,
  UnreviewedMemory,
  Viewer,
} from '../ports/memoryStore.ts';
import type { AccessSharer } from './accessSharer.ts';
import { JoinedInserts } from './joinedInserts.ts';
import type { Synchroniser } from './synchroniser.ts';

/** Changes go through the central log; reads are the replica's, level with it. */
export class CentralMemories implements MemoryStore {
  readonly #local: MemoryStore;
  readonly #synchroniser: Synchroniser;
  readonly #accesses: AccessSharer;
  readonly #sharedKey: boolean;
  readonly #inserts: JoinedInserts;

  constructor(local: MemoryStore, synchroniser: Synchroniser, accesses: AccessSharer, sharedKey: boolean) {
    this.#accesses = accesses;
    this.#sharedKey = sharedKey;
    this.#local = local;
    this.#synchroniser = synchroniser;
    this.#inserts = new JoinedInserts(synchroniser);
  }

  async insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    this.#checkKey(drafts.some(draft => draft.sensitive));
    const outcomes = await this.#inserts.insert(drafts, caller);
    await this.#countRepeats(outcomes);
    return outcomes;
  }

  async update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): Promise<{ memory: Memory; operationId: string }> {
    this.#checkKey(patch.sensitive === true);
    return this.#synchroniser.change(store => store.update(id, patch, caller, expectedVersion));
  }

  async remove(ids: readonly string[], caller: Caller): Promise<readonly Operation[]> {
    return this.#synchroniser.change(store => store.remove(ids, caller));
  }

  async apply(
    changes: readonly MemoryChange[],
    { atOnce }: ApplyOptions = {},
  ): Promise<readonly ChangeOutcome[]> {
    this.#checkKey(
      changes.some(
        one =>
          (one.kind === 'insert' && one.draft.sensitive) ||
          (one.kind === 'update' && one.patch.sensitive === true),
      ),
    );
    const counts = changes.some(one => one.kind === 'count');
    // What is to be added is written by then.
    if (counts) await this.#synchroniser.flush();
    const outcomes = await this.#synchroniser.change(store => store.apply(changes), !atOnce);
    await this.#countRepeats(outcomes.filter(one => one.kind === 'insert'));
    if (counts) this.#accesses.note();
    return outcomes;
  }

  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#synchroniser.change(store => store.undo(operationId, caller));
  }

  async expire(at: number, limit: number): Promise<number> {
    return this.#synchroniser.change(store => store.expire(at, limit));
  }

  touch(ids: readonly string[], at: number, user?: string): void {
    this.#local.touch(ids, at, user);
    this.#accesses.note();
  }

  async users(ids: readonly string[], since: number): Promise<readonly number[]> {
    return this.#local.users(ids, since);
  }

  async get(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    await this.#synchroniser.refresh();
    return this.#local.get(ids, viewer);
  }

  async list(
    filter: MemoryFilter,
    page: Page,
    viewer: Viewer,
  ): Promise<{ memories: readonly Memory[]; total: number }> {
    await this.#synchroniser.refresh();
    return this.#local.list(filter, page, viewer);
  }

  async versions(id: string, viewer: Viewer): Promise<readonly MemoryVersion[]> {
    await this.#synchroniser.refresh();
    return this.#local.versions(id, viewer);
  }

  async unreviewed(
    filter: MemoryFilter,
    page: Span,
    viewer: Viewer,
    instance?: string,
  ): Promise<{ memories: readonly UnreviewedMemory[]; total: number }> {
    await this.#synchroniser.refresh();
    return this.#local.unreviewed(filter, page, viewer, instance);
  }

  async counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts> {
    await this.#synchroniser.refresh();
    return this.#local.counts(filter, viewer);
  }

  async trend(filter: MemoryFilter, days: TrendDays, viewer: Viewer): Promise<MemoryTrend> {
    await this.#synchroniser.refresh();
    return this.#local.trend(filter, days, viewer);
  }

  /** A repeat is no change, and counted as a use. */
  async #countRepeats(outcomes: readonly InsertOutcome[]): Promise<void> {
    const repeated = outcomes.filter(one => one.duplicate && one.operationId === null);
    for (const { memory } of repeated) this.touch([memory.id], memory.accessedAt);
    if (repeated.length > 0) await this.#synchroniser.flush();
  }

  #checkKey(sensitive: boolean): void {
    if (!sensitive || this.#sharedKey) return;
    throw new MemoryError(
      'unavailable',
      'A sensitive memory in the central Redis needs a key that all machines share; nothing was stored.',
      'Set MEMORY_ENCRYPTION_KEY to the same key on each of them.',
    );
  }
}
