import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';
import type { Operation } from '../model/operation.ts';
import type {
  InsertOutcome,
  MemoryCounts,
  MemoryFilter,
  MemoryStore,
  MemoryVersion,
  NewMemory,
  Page,
  Viewer,
} from '../ports/memoryStore.ts';
import type { Synchroniser } from './synchroniser.ts';

/** Changes go through the central log; reads are the replica's, level with it. */
export class CentralMemories implements MemoryStore {
  readonly #local: MemoryStore;
  readonly #synchroniser: Synchroniser;
  readonly #sharedKey: boolean;

  constructor(local: MemoryStore, synchroniser: Synchroniser, sharedKey: boolean) {
    this.#sharedKey = sharedKey;
    this.#local = local;
    this.#synchroniser = synchroniser;
  }

  async insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    this.#checkKey(drafts.some(draft => draft.sensitive));
    const outcomes = await this.#synchroniser.change(store => store.insert(drafts, caller));
    const repeated = outcomes.filter(one => one.duplicate);
    // A repeat is no change: its count is this machine's.
    for (const { memory } of repeated) await this.#local.touch([memory.id], memory.accessedAt);
    if (repeated.length > 0) await this.#synchroniser.flush();
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

  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#synchroniser.change(store => store.undo(operationId, caller));
  }

  async expire(at: number, limit: number): Promise<number> {
    return this.#synchroniser.change(store => store.expire(at, limit));
  }

  async touch(ids: readonly string[], at: number): Promise<void> {
    await this.#local.touch(ids, at);
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

  async counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts> {
    await this.#synchroniser.refresh();
    return this.#local.counts(filter, viewer);
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
