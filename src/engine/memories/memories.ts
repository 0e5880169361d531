import { MemoryError } from '../errors.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import { LIMITS } from '../model/limits.ts';
import type { Anchor, Memory, MemoryPatch, Metadata } from '../model/memory.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { Operation } from '../model/operation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Identity } from '../ports/identity.ts';
import type { ExportedMemory } from '../ports/importSource.ts';
import type { MemoryFilter, MemoryStore, MemoryVersion, NewMemory, Page } from '../ports/memoryStore.ts';
import type { SecretScanner } from '../ports/secretScanner.ts';
import { checkMemory } from './checkMemory.ts';
import { type Cleared, type ClearOptions, clearMemories } from './clearMemories.ts';
import { maskMemory } from './maskMemory.ts';
import type { SecretPolicy } from './maskSecrets.ts';
import { expiryOf, type Retention } from './retention.ts';

/** What a caller gives to be remembered; everything but the content has a default. */
export type Draft = {
  readonly content: string;
  readonly namespace?: string | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly createdAt?: number | undefined;
  /** ms, null: never; wins over the priority and `ttlSeconds`. */
  readonly expiresAt?: number | null | undefined;
} & {
  readonly [K in keyof Omit<
    NewMemory,
    'content' | 'namespace' | 'createdAt' | 'contentHash' | 'expiresAt' | 'restored'
  >]?: NewMemory[K] | undefined;
};

export interface Stored {
  readonly memory: Memory;
  /** The same content was known already: that memory is returned, its access count raised. */
  readonly duplicate: boolean;
  readonly operationId: string | null;
  /** Rules of the secrets that were masked. */
  readonly secrets: readonly string[];
}

export interface MemoriesOptions {
  readonly store: MemoryStore;
  readonly secrets: SecretScanner;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly secretPolicy: SecretPolicy;
  readonly retention: Retention;
}

/** Storing, changing and forgetting: the rules that hold whoever calls and wherever it is kept. */
export class Memories {
  readonly #options: MemoriesOptions;

  constructor(options: MemoriesOptions) {
    this.#options = options;
  }

  /** Remembers all or none, durably, in one change. Outcomes come in the order of the drafts. */
  async store(drafts: readonly Draft[], caller: Caller): Promise<readonly Stored[]> {
    const prepared = await Promise.all(drafts.map(draft => this.#prepare(draft, caller)));
    const outcomes = await this.#options.store.insert(
      prepared.map(one => one.memory),
      caller,
    );
    return outcomes.map((outcome, i) => ({ ...outcome, secrets: prepared[i]?.secrets ?? [] }));
  }

  /**
   * Remembers memories of an export as they were: ids, times, counts and versions. Public ones keep their owner; what was kept
   * from others becomes the caller's, since its owner may be nobody here. All or none.
   */
  async restore(exported: readonly ExportedMemory[], caller: Caller): Promise<readonly Stored[]> {
    const { identity, secretPolicy, secrets, store } = this.#options;
    const prepared = await Promise.all(
      exported.map(async ({ memory: given, versions: old }) => {
        checkMemory(given);
        const { memory, rules } = await maskMemory(given, secrets, secretPolicy);
        const versions = await Promise.all(
          old.map(async one => {
            const { memory: before } = await maskMemory(one.memory, secrets, secretPolicy);
            return { ...one, memory: { ...before, contentHash: identity.sha256(before.content) } };
          }),
        );
        const { owner, updatedAt, accessedAt, accessCount, version, ...fields } = memory;
        const draft: NewMemory = {
          ...fields,
          namespace: writeNamespace(memory.namespace, caller),
          contentHash: identity.sha256(memory.content),
          tags: tidy(memory.tags),
          restored: {
            owner: memory.visibility === 'public' ? owner : caller.principal.id,
            updatedAt,
            accessedAt,
            accessCount,
            version,
            versions,
          },
        };
        return { draft, rules };
      }),
    );
    const outcomes = await store.insert(
      prepared.map(one => one.draft),
      caller,
    );
    return outcomes.map((outcome, i) => ({ ...outcome, secrets: prepared[i]?.rules ?? [] }));
  }

  /**
   * Rejects with `not_found` when it does not exist, the caller may not see it, or it is not the agent's or in none of the namespaces asked for.
   */
  async get(
    id: string,
    caller: Caller,
    only: { readonly agent?: string | undefined; readonly namespaces?: readonly string[] | undefined } = {},
  ): Promise<Memory> {
    const memory = await this.#visible(id, caller);
    if (only.agent !== undefined && memory.agent !== only.agent) throw notFound(id);
    if (only.namespaces && !only.namespaces.includes(memory.namespace)) throw notFound(id);
    await this.#options.store.touch([id], this.#options.clock.now());
    return memory;
  }

  async list(
    filter: MemoryFilter,
    page: Page,
    caller: Caller,
  ): Promise<{ memories: readonly Memory[]; total: number }> {
    return this.#options.store.list(filter, page, viewerOf(caller));
  }

  /**
   * Sets the given fields; the version before is kept. A new priority brings its own expiry unless `ttlSeconds` says otherwise.
   * @param expectedVersion refuse with `conflict` when the memory is no longer this version
   */
  async update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    options: { readonly expectedVersion?: number | undefined; readonly ttlSeconds?: number | undefined } = {},
  ): Promise<Stored> {
    const { clock, retention, secretPolicy, secrets, store } = this.#options;
    if (Object.keys(patch).length === 0 && options.ttlSeconds === undefined) {
      throw new MemoryError(
        'invalid_input',
        'The update names no field to change.',
        'Give at least one field.',
      );
    }
    const before = await this.#visible(id, caller);
    checkMemory({ ...before, ...patch });
    const { memory: masked, rules } = await maskMemory(patch, secrets, secretPolicy);
    const changesExpiry = patch.priority !== undefined || options.ttlSeconds !== undefined;
    const change: MemoryPatch = {
      ...masked,
      ...(masked.tags && { tags: tidy(masked.tags) }),
      ...(changesExpiry && {
        expiresAt: expiryOf(patch.priority ?? before.priority, clock.now(), retention, options.ttlSeconds),
      }),
    };
    const done = await store.update(id, change, caller, options.expectedVersion);
    return { ...done, duplicate: false, secrets: rules };
  }

  /** Forgets these; each can be brought back with `undo` of its operation. */
  async forget(ids: readonly string[], caller: Caller): Promise<readonly Operation[]> {
    return this.#options.store.remove(ids, caller);
  }

  /**
   * Forgets all that match. Refuses a call that names no condition, and one that is neither confirmed nor a dry run.
   * @param onProgress called with (deleted, matched) after each batch
   */
  async clear(
    filter: MemoryFilter,
    options: ClearOptions,
    caller: Caller,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<Cleared> {
    const { clock, store } = this.#options;
    return clearMemories(store, filter, options, caller, clock.now(), signal, onProgress);
  }

  async versions(id: string, caller: Caller): Promise<readonly MemoryVersion[]> {
    return this.#options.store.versions(id, viewerOf(caller));
  }

  /** Takes one change back. Rejects with `conflict` when the memory has changed since. */
  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#options.store.undo(operationId, caller);
  }

  async #visible(id: string, caller: Caller): Promise<Memory> {
    const [memory] = await this.#options.store.get([id], viewerOf(caller));
    if (!memory) throw notFound(id);
    return memory;
  }

  async #prepare(draft: Draft, caller: Caller): Promise<{ memory: NewMemory; secrets: readonly string[] }> {
    const { clock, identity, retention, secretPolicy, secrets } = this.#options;
    checkMemory(draft);
    const { memory: masked, rules } = await maskMemory(draft, secrets, secretPolicy);
    const { ttlSeconds, createdAt, expiresAt } = draft;
    const priority = draft.priority ?? 'medium';
    const memory: NewMemory = {
      id: draft.id ?? identity.newId(),
      namespace: writeNamespace(draft.namespace, caller),
      agent: masked.agent ?? caller.agent ?? caller.principal.client,
      type: draft.type ?? 'context',
      priority,
      visibility: draft.visibility ?? (draft.sharedWith?.length ? 'shared' : 'public'),
      sharedWith: draft.sharedWith ?? [],
      content: masked.content,
      contentHash: identity.sha256(masked.content),
      tags: tidy(masked.tags ?? []),
      metadata: masked.metadata ?? ({} as Metadata),
      session: masked.session ?? null,
      pinned: draft.pinned ?? false,
      sensitive: draft.sensitive ?? false,
      expiresAt: expiresAt === undefined ? expiryOf(priority, clock.now(), retention, ttlSeconds) : expiresAt,
      externalId: draft.externalId ?? null,
      provenance: masked.provenance ?? { source: 'agent' },
      trust: draft.trust ?? 0.5,
      review: draft.review ?? 'unreviewed',
      supersedes: draft.supersedes ?? null,
      validFrom: draft.validFrom ?? null,
      validUntil: draft.validUntil ?? null,
      anchors: masked.anchors ?? ([] as readonly Anchor[]),
      ...(createdAt !== undefined && { createdAt }),
    };
    return { memory, secrets: rules };
  }
}

function notFound(id: string): MemoryError {
  return new MemoryError(
    'not_found',
    `There is no memory "${id.slice(0, LIMITS.idChars)}" that you may see.`,
    'Search with semantic_search, or list with get_agent_memories, and use an id from there.',
  );
}

function tidy(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.map(tag => tag.trim()).filter(tag => tag !== ''))].sort();
}
