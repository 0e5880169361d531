import type { Whose } from '../compaction/whoseMemories.ts';
import type { Engine } from '../engine.ts';
import { MemoryError } from '../errors.ts';
import type { WantedChange } from '../memories/changeTogether.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory } from '../model/memory.ts';
import { ALL_NAMESPACES, readNamespaces, writeNamespace } from '../model/namespace.ts';
import { demandScope } from '../model/rights.ts';
import { chooseForgotten, type ForgetPolicy } from './chooseForgotten.ts';
import { allRecords, conditionsOf, findRecords, type RecordQuery } from './findRecords.ts';
import type { FoundRecords, LongTermRecord } from './longTermRecord.ts';
import { namespacesWanted, type Unnamed } from './namespacesWanted.ts';
import { type RecencyWeights, rankByRecency } from './recency.ts';
import { apartOf, recordDraft, recordPatch } from './recordDraft.ts';
import { narrow, type RecordFilter, type TextCondition } from './recordFilter.ts';
import { labelOf } from './recordLabels.ts';
import { recordOf } from './recordOfMemory.ts';

/** One change of the store each. */
const BATCH = 200;
const MOST_IDS = 1000;
const MOST_TRIES = 5;

export interface SearchOptions extends Omit<RecordQuery, 'namespaces'> {
  readonly namespace: TextCondition | undefined;
  /** Ranks by age too: the page, or all that was found. Absent: not. */
  readonly recency?: { readonly weights: RecencyWeights; readonly whole: boolean } | undefined;
}

export interface Forgetting {
  readonly policy: ForgetPolicy;
  readonly namespace: string | undefined;
  readonly filter: RecordFilter;
  /** At most so many are looked at, the oldest first. */
  readonly limit: number;
  readonly dryRun: boolean;
  readonly pinned: readonly string[];
}

export type RecordChanges = {
  readonly [K in
    | 'text'
    | 'topics'
    | 'entities'
    | 'type'
    | 'user'
    | 'session'
    | 'eventDate'
    | 'pinned']?: LongTermRecord[K];
} & { readonly namespace?: string };

type Means = Pick<Engine, 'counts' | 'memories' | 'recall' | 'sha256' | 'upkeep'>;

export interface LongTermOptions {
  readonly engine: Means;
  readonly unnamed: Unnamed;
  /** ms since the epoch */
  readonly now: () => number;
}

/** Memories as clients of agent memory servers know them: the same that every other agent has. */
export class LongTermMemories {
  readonly #engine: Means;
  readonly #unnamed: Unnamed;
  readonly #now: () => number;
  readonly #sha256: (text: string) => string;

  constructor({ engine, now, unnamed }: LongTermOptions) {
    this.#engine = engine;
    this.#unnamed = unnamed;
    this.#now = now;
    this.#sha256 = text => engine.sha256(text);
  }

  /**
   * Remembers all, in batches: what has the same id is replaced.
   * @param deduplicate what a record of the same user, session, kind and namespace says already is not kept twice
   */
  async create(records: readonly LongTermRecord[], deduplicate: boolean, caller: Caller): Promise<void> {
    demandScope(caller, 'write');
    const persistedAt = this.#now();
    // Of one id the last counts.
    const given = [...new Map(records.map(record => [record.id, { ...record, persistedAt }])).values()];
    for (const record of given) writeNamespace(record.namespace ?? undefined, caller);
    for (let i = 0; i < given.length; i += BATCH)
      await this.#retry(() => this.#put(given.slice(i, i + BATCH), deduplicate, caller));
  }

  /** Rejects with `not_found`. */
  async get(id: string, caller: Caller): Promise<LongTermRecord> {
    demandScope(caller, 'read');
    return recordOf(await this.#find(id, caller));
  }

  async search(
    { namespace, recency, ...query }: SearchOptions,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<FoundRecords> {
    demandScope(caller, 'read');
    const namespaces = await this.#namespaces(namespace, caller);
    const { limit, offset } = query;
    const whole = recency?.whole === true && query.text.trim() !== '';
    const asked = whole ? { ...query, limit: offset + limit, offset: 0 } : query;
    const answer = await findRecords(this.#engine, { ...asked, namespaces }, caller, signal);
    if (!recency) return answer;
    const ranked = rankByRecency(answer.found, recency.weights, this.#now());
    if (!whole) return { ...answer, found: ranked };
    const more = answer.nextOffset !== null;
    return { ...answer, found: ranked.slice(offset), nextOffset: more ? offset + limit : null };
  }

  /** Rejects with `not_found`, with `conflict` where another record says the same. */
  async edit(id: string, changes: RecordChanges, caller: Caller): Promise<LongTermRecord> {
    demandScope(caller, 'write');
    const memory = await this.#find(id, caller);
    const before = recordOf(memory);
    const after = { ...before, ...changes };
    const namespace = writeNamespace(changes.namespace ?? memory.namespace, caller);
    const { memories } = this.#engine;
    if (namespace === memory.namespace) {
      const patch = recordPatch(after, this.#sha256, memory, apartOf(memory));
      return recordOf((await memories.update(id, patch, caller)).memory);
    }
    await this.#replace(memory, { ...after, updatedAt: this.#now() }, namespace, caller);
    return this.get(id, caller);
  }

  /** @returns how many there were */
  async remove(ids: readonly string[], caller: Caller): Promise<number> {
    demandScope(caller, 'write');
    const found = await this.#known(ids, caller);
    if (found.size === 0) return 0;
    return (await this.#engine.memories.forget([...found.keys()], caller)).length;
  }

  /** Each can be brought back, as whatever is forgotten. */
  async forget(asked: Forgetting, caller: Caller): Promise<{ scanned: number; ids: readonly string[] }> {
    demandScope(caller, asked.dryRun ? 'read' : 'write');
    const { dryRun, filter, limit, pinned, policy } = asked;
    const namespaces = await this.#namespaces(
      asked.namespace === undefined ? undefined : { eq: asked.namespace },
      caller,
    );
    if (namespaces?.length === 0) return { scanned: 0, ids: [] };
    const where = conditionsOf(narrow(filter, this.#sha256), namespaces);
    const order = { most: limit, order: 'oldest' } as const;
    const records = await allRecords(this.#engine, where, filter, caller, order);
    const ids = chooseForgotten(records, policy, new Set(pinned), this.#now());
    if (!dryRun)
      for (let i = 0; i < ids.length; i += BATCH)
        await this.#engine.memories.forget(ids.slice(i, i + BATCH), caller);
    return { scanned: records.length, ids };
  }

  /** Merges near-duplicates, of one user or of all; each merge can be taken back. @returns how many memories there are then */
  async compact(
    { namespace, user }: { readonly namespace: string | undefined; readonly user: string | undefined },
    caller: Caller,
    signal: AbortSignal,
  ): Promise<number> {
    demandScope(caller, 'write');
    const { memories, upkeep } = this.#engine;
    const condition = namespace === undefined ? undefined : { eq: namespace };
    const namespaces = await this.#namespaces(condition, caller);
    if (namespaces?.length === 0) return 0;
    const whose: Whose = {
      namespaces,
      ...(user !== undefined && { tag: labelOf('user', user, this.#sha256) }),
    };
    await upkeep.compaction.run({ ...whose, dryRun: false }, caller, signal);
    const filter = user === undefined ? {} : { user: { eq: user } };
    const where = conditionsOf(narrow(filter, this.#sha256), namespaces);
    return (await memories.list(where, { limit: 1, offset: 0 }, caller)).total;
  }

  /** Where a client's condition looks. */
  async #namespaces(condition: TextCondition | undefined, caller: Caller) {
    return namespacesWanted(condition, this.#unnamed, caller, async () =>
      Object.keys((await this.#engine.counts({}, caller)).byNamespace),
    );
  }

  async #put(records: readonly LongTermRecord[], deduplicate: boolean, caller: Caller): Promise<void> {
    const { memories } = this.#engine;
    const known = await this.#known(
      records.map(({ id }) => id),
      caller,
    );
    const changes = records.flatMap((record): readonly WantedChange[] => {
      const namespace = writeNamespace(record.namespace ?? undefined, caller);
      const draft = recordDraft(record, namespace, this.#sha256, !deduplicate);
      const before = known.get(record.id);
      return before ? replacing(before, draft, caller) : [{ kind: 'store', draft }];
    });
    await memories.change(changes, caller);
  }

  /** Another client may store, or delete, the same between a look and a change: then the last one counts. */
  async #retry(work: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        return await work();
      } catch (error) {
        const overtaken = MemoryError.is(error, 'conflict') || MemoryError.is(error, 'not_found');
        if (!overtaken || tries === MOST_TRIES) throw error;
      }
  }

  async #replace(before: Memory, record: LongTermRecord, namespace: string, caller: Caller): Promise<void> {
    const draft = recordDraft(record, namespace, this.#sha256, true);
    await this.#engine.memories.change(replacing(before, draft, caller), caller);
  }

  /** By id, of those that the caller may see. */
  async #known(ids: readonly string[], caller: Caller): Promise<ReadonlyMap<string, Memory>> {
    const found = new Map<string, Memory>();
    const namespaces = readNamespaces(ALL_NAMESPACES, caller);
    for (let i = 0; i < ids.length; i += MOST_IDS) {
      const some = ids.slice(i, i + MOST_IDS);
      const where = { ids: some, ...(namespaces && { namespaces }) };
      const { memories } = await this.#engine.memories.list(where, { limit: MOST_IDS, offset: 0 }, caller);
      for (const memory of memories) found.set(memory.id, memory);
    }
    return found;
  }

  async #find(id: string, caller: Caller): Promise<Memory> {
    const memory = (await this.#known([id], caller)).get(id);
    if (memory) return memory;
    throw new MemoryError('not_found', `Memory with ID ${id} not found`, 'Search for it.');
  }
}

/** Its old state stays in its history. One of another owner, whose id stays its own, is changed in its place. */
function replacing(
  before: Memory,
  draft: ReturnType<typeof recordDraft>,
  caller: Caller,
): readonly WantedChange[] {
  const { id } = before;
  if (before.owner === caller.principal.id)
    return [
      { kind: 'forget', id },
      { kind: 'store', draft },
    ];
  const { content, metadata, pinned, session, tags, type } = draft;
  if (draft.namespace !== before.namespace || metadata === undefined)
    throw new MemoryError(
      'forbidden',
      `The memory "${id}" is another's, and stays in its namespace.`,
      'Store it under another id.',
    );
  const patch = {
    ...{ content, metadata },
    ...(pinned !== undefined && { pinned }),
    ...(session !== undefined && { session }),
    ...(tags && { tags }),
    ...(type && { type }),
  };
  return [{ kind: 'update', id, patch, options: {} }];
}
