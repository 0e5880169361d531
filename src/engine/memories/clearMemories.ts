import { MemoryError } from '../errors.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { Operation } from '../model/operation.ts';
import type { MemoryFilter, MemoryStore } from '../ports/memoryStore.ts';

export interface ClearOptions {
  readonly expiredOnly: boolean;
  /** Only find out what would go. */
  readonly dryRun: boolean;
  readonly confirm: boolean;
  /** Of the one memory that is named: rejects with `conflict` when it has another by now. */
  readonly expectedVersion?: number | undefined;
}

export interface Cleared {
  /** All that matched, newest first. */
  readonly ids: readonly string[];
  /** One for each deleted memory; empty after a dry run. */
  readonly operations: readonly Operation[];
}

const PAGE = 1000;
const BATCH = 500;

/** See `Memories.clear`. An abort stops between two batches; what was deleted until then stays deleted and undoable. */
export async function clearMemories(
  store: MemoryStore,
  filter: MemoryFilter,
  options: ClearOptions,
  caller: Caller,
  now: number,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Cleared> {
  const { namespaces: _, tags, ...others } = filter;
  // No tags at all are borne by every memory.
  if (!tags?.length && Object.keys(others).length === 0 && !options.expiredOnly) {
    throw new MemoryError(
      'invalid_input',
      'clear_memory was given no condition; nothing was deleted.',
      'Give memory_id, agent_id, tags, memory_type, session_id, before or expired_only.',
    );
  }
  if (options.expectedVersion !== undefined && filter.ids?.length !== 1) throw notOne();
  const ids = await matching(store, { ...filter, ...(options.expiredOnly && { expiredAt: now }) }, caller);
  if (filter.ids && ids.length === 0) throw notFound(filter.ids[0]);
  if (options.dryRun) return { ids, operations: [] };
  if (!options.confirm) {
    throw new MemoryError(
      'invalid_input',
      `${ids.length} ${ids.length === 1 ? 'memory matches' : 'memories match'}; nothing was deleted.`,
      'Call again with confirm: true to delete, or with dry_run: true to see which.',
    );
  }
  const operations: Operation[] = [];
  for (let i = 0; i < ids.length; i += BATCH) {
    signal.throwIfAborted();
    operations.push(...(await remove(store, ids.slice(i, i + BATCH), caller, options)));
    onProgress(operations.length, ids.length);
  }
  // Somebody else was faster.
  if (filter.ids && operations.length === 0) throw notFound(filter.ids[0]);
  return { ids, operations };
}

async function remove(
  store: MemoryStore,
  ids: readonly string[],
  caller: Caller,
  { expectedVersion }: ClearOptions,
): Promise<readonly Operation[]> {
  if (expectedVersion === undefined) return store.remove(ids, caller);
  const outcomes = await store.apply(ids.map(id => ({ kind: 'remove', id, caller, expectedVersion })));
  return outcomes.flatMap(one => ('operation' in one ? [one.operation] : []));
}

function notOne(): MemoryError {
  return new MemoryError(
    'invalid_input',
    'expected_version is of one memory; nothing was deleted.',
    'Give memory_id with it.',
  );
}

function notFound(id: string | undefined): MemoryError {
  return new MemoryError('not_found', `There is no memory "${id}" that you may see.`, 'Check the id.');
}

async function matching(store: MemoryStore, filter: MemoryFilter, caller: Caller): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { memories, total } = await store.list(
      filter,
      { limit: PAGE, offset: ids.length },
      viewerOf(caller),
    );
    ids.push(...memories.map(memory => memory.id));
    if (memories.length < PAGE || ids.length >= total) return ids;
  }
}
