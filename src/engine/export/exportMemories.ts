import { MemoryError } from '../errors.ts';
import type { Memories } from '../memories/memories.ts';
import type { Caller } from '../model/caller.ts';
import type { MemoryFilter } from '../ports/memoryStore.ts';

/** The first line of an export names it. */
export const EXPORT_FORMAT = 'memory-central-export';
export const EXPORT_VERSION = 1;

export interface ExportOptions {
  /** Old versions too. */
  readonly versions: boolean;
  /** Go on without the sensitive memories that cannot be decrypted here. Default false */
  readonly withoutLocked?: boolean;
}

const PAGE = 500;

/**
 * Memories as JSON lines: a header, then `{ memory, versions? }` each with every field, the oldest first: what is read
 * in that order comes back in that order. Only a page is in memory at a time. What is stored meanwhile may or may not be among them.
 *
 * Rejects with `unavailable`, before the first line, when sensitive memories cannot be decrypted here: a backup would lack them silently.
 *
 * @param locked why they cannot; undefined when they can
 * @param onProgress called with (written, all) after each page
 */
export async function* exportMemories(
  memories: Memories,
  filter: MemoryFilter,
  { versions, withoutLocked = false }: ExportOptions,
  locked: string | undefined,
  caller: Caller,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): AsyncGenerator<string> {
  if (locked !== undefined && !withoutLocked) {
    throw new MemoryError(
      'unavailable',
      `Sensitive memories would be missing: ${locked}`,
      'Set MEMORY_ENCRYPTION_KEY to the key with which they were stored, or put the file encryption-key back; without_locked: true goes on without them.',
    );
  }
  yield JSON.stringify({ format: EXPORT_FORMAT, version: EXPORT_VERSION });
  let done = 0;
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted();
    const page = await memories.list(
      filter,
      { limit: PAGE, offset: 0, order: 'oldest', ...(after !== undefined && { after }) },
      caller,
    );
    for (const memory of page.memories) {
      const old = versions && memory.version > 1 ? await memories.versions(memory.id, caller) : [];
      yield JSON.stringify({ memory, ...(old.length > 0 && { versions: old }) });
    }
    done += page.memories.length;
    onProgress(done, Math.max(done, page.total));
    after = page.memories.at(-1)?.id;
    if (page.memories.length < PAGE) return;
  }
}
