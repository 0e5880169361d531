import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { InsertOutcome, MemoryStore, NewMemory } from '../ports/memoryStore.ts';
import type { Synchroniser } from './synchroniser.ts';

/** Memories, and characters of them, that go to the log together at most. */
const MOST = 50;
const MOST_CHARS = 500_000;

interface Insert {
  readonly drafts: readonly NewMemory[];
  readonly caller: Caller;
  resolve(outcomes: readonly InsertOutcome[]): void;
  reject(error: unknown): void;
}

interface Group {
  readonly inserts: Insert[];
  count: number;
  chars: number;
}

/**
 * What many store at once waits for one round trip, one flush of the log and one of the replica together, not for one of each after the
 * other (group commit). Each is acknowledged once it is durable, and refused for itself.
 */
export class JoinedInserts {
  readonly #synchroniser: Synchroniser;
  /** Takes more until its turn comes. */
  #open: Group | undefined;

  constructor(synchroniser: Synchroniser) {
    this.#synchroniser = synchroniser;
  }

  insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#groupFor(drafts).inserts.push({ drafts, caller, resolve, reject });
    });
  }

  #groupFor(drafts: readonly NewMemory[]): Group {
    const chars = drafts.reduce((sum, { content }) => sum + content.length, 0);
    let group = this.#open;
    if (!group || group.count + drafts.length > MOST || group.chars + chars > MOST_CHARS) {
      group = { inserts: [], count: 0, chars: 0 };
      this.#open = group;
      const begun = group;
      queueMicrotask(() => void this.#run(begun));
    }
    group.count += drafts.length;
    group.chars += chars;
    return group;
  }

  async #run(group: Group): Promise<void> {
    const { inserts } = group;
    const close = () => {
      if (this.#open === group) this.#open = undefined;
    };
    try {
      const outcomes = await this.#synchroniser.change(store => {
        close();
        return insertAll(store, inserts);
      });
      for (const { drafts, resolve } of inserts) resolve(outcomes.splice(0, drafts.length));
    } catch (error) {
      close();
      if (inserts.length > 1 && MemoryError.is(error)) return this.#runEach(inserts);
      for (const { reject } of inserts) reject(error);
    }
  }

  /** One of them was refused, and with it all: each is for itself then. */
  async #runEach(inserts: readonly Insert[]): Promise<void> {
    for (const { drafts, caller, resolve, reject } of inserts)
      await this.#synchroniser.change(store => store.insert(drafts, caller)).then(resolve, reject);
  }
}

async function insertAll(store: MemoryStore, inserts: readonly Insert[]): Promise<InsertOutcome[]> {
  const changes = inserts.flatMap(({ drafts, caller }) =>
    drafts.map(draft => ({ kind: 'insert' as const, draft, caller })),
  );
  const outcomes = await store.apply(changes);
  return outcomes.flatMap(outcome => (outcome.kind === 'insert' ? [outcome] : []));
}
