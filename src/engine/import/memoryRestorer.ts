import type { Memories } from '../memories/memories.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';
import type { ExportedMemory } from '../ports/importSource.ts';
import { concernsOne } from './concernsOne.ts';
import type { ImportTally } from './importSummary.ts';

const BATCH = 500;

/** What a later state of a memory may set in an earlier one. */
const PATCHED = [
  'agent',
  'type',
  'priority',
  'sharedWith',
  'visibility',
  'sensitive',
  'content',
  'tags',
  'metadata',
  'session',
  'pinned',
  'expiresAt',
  'trust',
  'review',
  'supersedes',
  'validFrom',
  'validUntil',
  'anchors',
  'provenance',
] as const satisfies readonly (keyof MemoryPatch)[];

export interface RestorerOptions {
  readonly memories: Memories;
  readonly caller: Caller;
  readonly tally: ImportTally;
  readonly options: { readonly dryRun: boolean; readonly namespace?: string | undefined };
}

/** Takes memories of an export as they are: ids, times and counts. Of one that is here already the later state stays. */
export class MemoryRestorer {
  readonly #options: RestorerOptions;
  #batch: ExportedMemory[] = [];

  constructor(options: RestorerOptions) {
    this.#options = options;
  }

  async add(found: ExportedMemory): Promise<void> {
    const { namespace } = this.#options.options;
    this.#batch.push(namespace === undefined ? found : { ...found, memory: { ...found.memory, namespace } });
    if (this.#batch.length >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const { caller, memories } = this.#options;
    const batch = this.#batch.splice(0);
    if (batch.length === 0) return;
    const { memories: here } = await memories.list(
      { ids: batch.map(({ memory }) => memory.id) },
      { limit: batch.length, offset: 0 },
      caller,
    );
    const known = new Map(here.map(memory => [memory.id, memory]));
    const absent = batch.filter(({ memory }) => !known.has(memory.id));
    if (absent.length > 0) await this.#restore(absent);
    for (const { memory } of batch) {
      const before = known.get(memory.id);
      if (before) await this.#bringUpToDate(before, memory);
    }
  }

  async #restore(batch: readonly ExportedMemory[]): Promise<void> {
    const { caller, memories, options, tally } = this.#options;
    if (options.dryRun) {
      tally.added += batch.length;
      return;
    }
    try {
      for (const { duplicate, secrets } of await memories.restore(batch, caller)) {
        if (duplicate) tally.duplicates++;
        else tally.added++;
        if (secrets.length > 0) tally.masked++;
      }
    } catch (error) {
      if (!concernsOne(error)) throw error;
      if (batch.length > 1) for (const one of batch) await this.#restore([one]);
      else tally.skip({ where: batch[0]!.memory.id, reason: error.message });
    }
  }

  async #bringUpToDate(before: Memory, memory: Memory): Promise<void> {
    const { caller, memories, options, tally } = this.#options;
    const patch = difference(before, memory, caller);
    if (Object.keys(patch).length === 0 || before.updatedAt >= memory.updatedAt) {
      tally.unchanged++;
      return;
    }
    try {
      if (!options.dryRun) await memories.update(before.id, patch, caller);
      tally.updated++;
    } catch (error) {
      if (!concernsOne(error)) throw error;
      tally.skip({ where: before.id, reason: error.message });
    }
  }
}

/** Only what a person imports was reviewed elsewhere. */
function difference(before: Memory, after: Memory, { person }: Caller): MemoryPatch {
  const changed = PATCHED.filter(
    field => (person || field !== 'review') && JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  return Object.fromEntries(changed.map(field => [field, after[field]]));
}
