import { concernsOne } from '../import/concernsOne.ts';
import type { Caller, Viewer } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import type { NewMemory } from '../ports/memoryStore.ts';
import type { Store } from '../ports/store.ts';
import { type Comparison, compareMemories } from './compareMemories.ts';
import { type Belongings, pagesOf, viewerOfOwner } from './pagesOf.ts';

export interface MigrationOptions {
  readonly from: Store;
  readonly to: Store;
  /** Hex digits. */
  readonly sha256: (text: string) => string;
  readonly signal: AbortSignal;
  /** Called with (dealt with, all) after each page. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface MigrationReport extends Comparison {
  readonly added: number;
  /** There already, under the same id; left as it was. */
  readonly known: number;
  /** What could not be added. */
  readonly problems: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Copies every live memory, whoever may see it, as it is: id, owner, times, counts and old versions. What is there already stays as it
 * is, so that a second run goes on where the first ended. Then both sides are compared. An abort stops between two pages.
 */
export async function migrateMemories(options: MigrationOptions): Promise<MigrationReport> {
  const { from, signal, onProgress } = options;
  const { pages, total } = await pagesOf(from);
  const tally = { added: 0, known: 0, problems: [] as { id: string; reason: string }[] };
  let done = 0;
  for (const page of pages) {
    signal.throwIfAborted();
    await copy(page, options, tally);
    done += page.ids.length;
    onProgress(done, total);
  }
  return { ...tally, ...(await compareMemories(pages, options)) };
}

type Tally = { added: number; known: number; problems: { id: string; reason: string }[] };

async function copy({ owner, ids }: Belongings, { from, to }: MigrationOptions, tally: Tally): Promise<void> {
  const viewer = viewerOfOwner(owner);
  const [here, there] = [await from.memories.get(ids, viewer), await to.memories.get(ids, viewer)];
  const drafts: NewMemory[] = [];
  for (const [i, memory] of here.entries()) {
    if (there[i]) tally.known++;
    else if (memory) drafts.push(await asItIs(from, memory, viewer));
  }
  if (drafts.length > 0) await add(drafts, to, owner, tally);
}

async function asItIs(from: Store, memory: Memory, viewer: Viewer): Promise<NewMemory> {
  const { owner, updatedAt, accessedAt, accessCount, version, ...fields } = memory;
  const versions = version > 1 ? await from.memories.versions(memory.id, viewer) : [];
  return { ...fields, restored: { owner, updatedAt, accessedAt, accessCount, version, versions } };
}

async function add(drafts: readonly NewMemory[], to: Store, owner: string, tally: Tally): Promise<void> {
  const { namespace } = drafts[0]!;
  const caller: Caller = { principal: { id: owner, client: 'migration' }, instance: 'migration', namespace };
  try {
    for (const [i, { duplicate, memory }] of (await to.memories.insert(drafts, caller)).entries()) {
      if (duplicate)
        tally.problems.push({ id: drafts[i]!.id, reason: `The same text is there as "${memory.id}".` });
      else tally.added++;
    }
  } catch (error) {
    if (!concernsOne(error)) throw error;
    if (drafts.length > 1) for (const draft of drafts) await add([draft], to, owner, tally);
    else tally.problems.push({ id: drafts[0]!.id, reason: error.message });
  }
}
