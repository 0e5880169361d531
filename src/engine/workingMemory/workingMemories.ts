import type { LongTermMemories } from '../longTerm/longTermMemories.ts';
import { namespacesWanted, type Unnamed } from '../longTerm/namespacesWanted.ts';
import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import { isObject, readJson } from '../model/readJson.ts';
import { demandScope } from '../model/rights.ts';
import type { Span } from '../model/span.ts';
import type { WorkingMemoryKey, WorkingMemoryRecords } from '../ports/workingMemoryRecords.ts';
import type { WorkingMemory } from './workingMemory.ts';

/** Which conversation is meant; what is left out may be any, as long as there is one only. */
export interface Conversation {
  readonly session: string;
  readonly namespace?: string | undefined;
  readonly user?: string | undefined;
}

export interface WorkingMemoriesOptions {
  readonly records: WorkingMemoryRecords;
  readonly longTerm: LongTermMemories;
  readonly unnamed: Unnamed;
  /** Names of all namespaces that the caller may see. */
  readonly namespaces: (caller: Caller) => Promise<readonly string[]>;
  /** ms since the epoch */
  readonly now: () => number;
}

interface Found {
  readonly key: WorkingMemoryKey;
  readonly text: string;
}

/** What conversations hold, and how it gets from there into the long-term memory. */
export class WorkingMemories {
  readonly #options: WorkingMemoriesOptions;

  constructor(options: WorkingMemoriesOptions) {
    this.#options = options;
  }

  /**
   * Replaces what the conversation held. Its records that are not in the long-term memory yet are put there first, so that they can be
   * searched when this returns.
   */
  async put(memory: WorkingMemory, caller: Caller): Promise<WorkingMemory> {
    demandScope(caller, 'write');
    const { longTerm, now, records } = this.#options;
    const { namespace, session, strategy, strategyConfig, ttlSeconds, user } = memory;
    const key = { namespace: writeNamespace(namespace ?? undefined, caller), user: user ?? '', session };
    const at = now();
    const promoted = memory.memories.map(record =>
      record.persistedAt === null ? { ...record, persistedAt: at, strategy, strategyConfig } : record,
    );
    const fresh = promoted.filter((_, i) => memory.memories[i]!.persistedAt === null);
    // What a conversation of one namespace or user holds is not to end up in another's.
    const homed = fresh.map(record => ({
      ...record,
      namespace: record.namespace ?? namespace,
      user: record.user ?? user,
    }));
    if (homed.length > 0) await longTerm.create(homed, true, caller);
    const kept: WorkingMemory = { ...memory, memories: promoted, updatedAt: at };
    await records.put(key, JSON.stringify(kept), ttlSeconds === null ? null : 1000 * ttlSeconds);
    return kept;
  }

  /** undefined where there is none, or where several could be meant. */
  async get(conversation: Conversation, caller: Caller): Promise<WorkingMemory | undefined> {
    demandScope(caller, 'read');
    const kept = readJson((await this.#find(conversation, caller))?.text);
    return isObject(kept) ? (kept as unknown as WorkingMemory) : undefined;
  }

  /** Last put first. */
  async list(
    where: Omit<Conversation, 'session'>,
    span: Span,
    caller: Caller,
  ): Promise<{ sessions: readonly string[]; total: number }> {
    demandScope(caller, 'read');
    const { keys, total } = await this.#options.records.list(await this.#filter(where, caller), span);
    return { sessions: keys.map(({ session }) => session), total };
  }

  /** Idempotent. What it had promoted stays. */
  async remove(conversation: Conversation, caller: Caller): Promise<void> {
    demandScope(caller, 'write');
    const found = await this.#find(conversation, caller);
    if (found) await this.#options.records.remove(found.key);
  }

  /** The one that is named so exactly, else the only one that could be meant; with what it holds. */
  async #find(conversation: Conversation, caller: Caller): Promise<Found | undefined> {
    const { records } = this.#options;
    const { session, user } = conversation;
    const filter = await this.#filter(conversation, caller);
    const namespace = conversation.namespace ?? caller.namespace;
    if (filter.namespaces?.includes(namespace) ?? true) {
      const exact = { namespace, user: user ?? '', session };
      const text = await records.get(exact);
      if (text !== undefined) return { key: exact, text };
    }
    const { keys } = await records.list({ ...filter, session }, { limit: 2, offset: 0 });
    const [key] = keys;
    const text = key && keys.length === 1 ? await records.get(key) : undefined;
    return key && text !== undefined ? { key, text } : undefined;
  }

  async #filter({ namespace, user }: Omit<Conversation, 'session'>, caller: Caller) {
    const { namespaces, unnamed } = this.#options;
    const wanted = await namespacesWanted(
      namespace === undefined ? undefined : { eq: namespace },
      unnamed,
      caller,
      () => namespaces(caller),
    );
    return { ...(wanted && { namespaces: wanted }), ...(user !== undefined && { user }) };
  }
}
