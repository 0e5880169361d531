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
import { changedReview, newReview } from '../review/reviewRules.ts';
import { changeTogether, type DoneChange, type WantedChange } from './changeTogether.ts';
import { checkMemory } from './checkMemory.ts';
import { type Cleared, type ClearOptions, clearMemories } from './clearMemories.ts';
import { contentHashOf } from './contentHash.ts';
import type { Draft, UpdateOptions } from './draft.ts';
import { maskMemory } from './maskMemory.ts';
import type { SecretPolicy } from './maskSecrets.ts';
import { restoredDraft } from './restoredDraft.ts';
import { expiryOf, type Retention } from './retention.ts';
import { tidy } from './tidy.ts';

export interface Stored {
  readonly memory: Memory;
  /** The same content was known already: that memory is returned, its access count raised. */
  readonly duplicate: boolean;
  readonly operationId: string | null;
  /** Rules of the secrets that were masked. */
  readonly secrets: readonly string[];
}

/** On whose behalf a caller sees, or changes, a memory that is shared with it; undefined where nobody shares it, or that cannot be known. */
export type OnBehalf = (
  memoryId: string,
  permission: 'read' | 'read_write',
  caller: Caller,
) => Promise<Caller | undefined>;

export interface MemoriesOptions {
  readonly store: MemoryStore;
  readonly secrets: SecretScanner;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly secretPolicy: SecretPolicy;
  readonly retention: Retention;
  /** Absent: nothing is shared but by the memories' own visibility. */
  readonly onBehalf?: OnBehalf;
  /** Who is meant by names that a memory is to be shared with; rejects for a name of nobody. Absent: they are taken as they are. */
  readonly audience?: (names: readonly string[], namespace: string) => Promise<readonly string[]>;
  /** The same places in code, as they can be checked later. Absent: they are taken as they are. */
  readonly anchored?: (anchors: readonly Anchor[], namespace: string) => Promise<readonly Anchor[]>;
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
      exported.map(one => restoredDraft(one, caller, { identity, secretPolicy, secrets })),
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
    const memory = await this.#readable(id, caller);
    if (only.agent !== undefined && memory.agent !== only.agent) throw notFound(id);
    if (only.namespaces && !only.namespaces.includes(memory.namespace)) throw notFound(id);
    this.#options.store.touch([id], this.#options.clock.now(), caller.principal.id);
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
   * Rejects with `forbidden` for one that is shared with the caller for reading only.
   */
  async update(id: string, patch: MemoryPatch, caller: Caller, options: UpdateOptions = {}): Promise<Stored> {
    const prepared = await this.#prepareUpdate(id, patch, caller, options);
    const done = await this.#options.store.update(
      id,
      prepared.patch,
      prepared.writer,
      options.expectedVersion,
    );
    return { ...done, duplicate: false, secrets: prepared.secrets };
  }

  /**
   * Several changes, all or none, durably, as one. Each memory may be updated or forgotten once. Rejects with whatever one of them is
   * refused for, saying which; forgetting what the caller may not see is `not_found`.
   */
  async change(changes: readonly WantedChange[], caller: Caller): Promise<readonly DoneChange[]> {
    return changeTogether(changes, this.#options.store, async change => {
      if (change.kind === 'forget') return { change: { kind: 'remove', caller, id: change.id }, secrets: [] };
      if (change.kind === 'store') {
        const { memory: draft, secrets } = await this.#prepare(change.draft, caller);
        return { change: { kind: 'insert', caller, draft }, secrets };
      }
      const { id, options } = change;
      const { patch, secrets, writer } = await this.#prepareUpdate(id, change.patch, caller, options);
      const expected = options.expectedVersion !== undefined && { expectedVersion: options.expectedVersion };
      return { change: { kind: 'update', caller: writer, id, patch, ...expected }, secrets };
    });
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

  /** None of a memory that is only shared with the caller: what is shared is what it holds now. */
  async versions(id: string, caller: Caller): Promise<readonly MemoryVersion[]> {
    return this.#options.store.versions(id, viewerOf(caller));
  }

  /** Takes one change back. Rejects with `conflict` when the memory has changed since. */
  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#options.store.undo(operationId, caller);
  }

  /** Seen with the caller's own eyes, else with those of its owner who shares it with the caller. Rejects with `not_found`. */
  async #readable(id: string, caller: Caller): Promise<Memory> {
    const own = await this.#find(id, caller);
    const owner = own ? undefined : await this.#options.onBehalf?.(id, 'read', caller);
    const memory = own ?? (owner && (await this.#find(id, owner)));
    if (memory) return memory;
    throw notFound(id);
  }

  /** The same to change it, and as whom. Rejects with `forbidden` for one that is shared for reading only. */
  async #writable(id: string, caller: Caller): Promise<{ memory: Memory; writer: Caller }> {
    const { onBehalf } = this.#options;
    const own = await this.#find(id, caller);
    const writer = own ? caller : await onBehalf?.(id, 'read_write', caller);
    const memory = own ?? (writer && (await this.#find(id, writer)));
    if (memory && writer) return { memory, writer };
    if (writer || !(await onBehalf?.(id, 'read', caller))) throw notFound(id);
    throw new MemoryError(
      'forbidden',
      `The memory "${id}" is shared with you for reading. Nothing was changed.`,
      'Tell its owner what should change, or store a memory of your own.',
    );
  }

  async #find(id: string, caller: Caller): Promise<Memory | undefined> {
    const [memory] = await this.#options.store.get([id], viewerOf(caller));
    return memory;
  }

  async #prepareUpdate(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    { ttlSeconds }: UpdateOptions,
  ): Promise<{ patch: MemoryPatch; writer: Caller; secrets: readonly string[] }> {
    const { clock, retention, secretPolicy, secrets } = this.#options;
    if (Object.keys(patch).length === 0 && ttlSeconds === undefined) {
      throw new MemoryError(
        'invalid_input',
        'The update names no field to change.',
        'Give at least one field.',
      );
    }
    const { memory: before, writer } = await this.#writable(id, caller);
    checkMemory({ ...before, ...patch });
    const shared = await this.#sharedWith(patch.sharedWith, before.namespace, before.sharedWith);
    const { memory: masked, rules } = await maskMemory(patch, secrets, secretPolicy);
    const changesExpiry = patch.priority !== undefined || ttlSeconds !== undefined;
    const whole: MemoryPatch = {
      ...masked,
      ...changedReview(before, patch, caller),
      ...(shared && { sharedWith: shared }),
      ...(masked.tags && { tags: tidy(masked.tags) }),
      ...(masked.anchors && { anchors: await this.#anchored(masked.anchors, before.namespace) }),
      ...(changesExpiry && {
        expiresAt: expiryOf(patch.priority ?? before.priority, clock.now(), retention, ttlSeconds),
      }),
    };
    return { patch: whole, writer, secrets: rules };
  }

  async #prepare(draft: Draft, caller: Caller): Promise<{ memory: NewMemory; secrets: readonly string[] }> {
    const { clock, identity, retention, secretPolicy, secrets } = this.#options;
    checkMemory(draft);
    const { memory: masked, rules } = await maskMemory(draft, secrets, secretPolicy);
    const { ttlSeconds, createdAt, expiresAt } = draft;
    const priority = draft.priority ?? 'medium';
    const namespace = writeNamespace(draft.namespace, caller);
    const metadata = masked.metadata ?? ({} as Metadata);
    const memory: NewMemory = {
      id: draft.id ?? identity.newId(),
      namespace,
      agent: masked.agent ?? caller.agent ?? caller.principal.client,
      type: draft.type ?? 'context',
      priority,
      visibility: draft.visibility ?? (draft.sharedWith?.length ? 'shared' : 'public'),
      sharedWith: (await this.#sharedWith(draft.sharedWith, namespace)) ?? [],
      content: masked.content,
      contentHash: contentHashOf({ content: masked.content, metadata }, identity.sha256),
      tags: tidy(masked.tags ?? []),
      metadata,
      session: masked.session ?? null,
      pinned: draft.pinned ?? false,
      sensitive: draft.sensitive ?? false,
      expiresAt: expiresAt === undefined ? expiryOf(priority, clock.now(), retention, ttlSeconds) : expiresAt,
      externalId: draft.externalId ?? null,
      provenance: masked.provenance ?? { source: 'agent' },
      trust: draft.trust ?? 0.5,
      ...newReview(draft, caller),
      supersedes: draft.supersedes ?? null,
      validFrom: draft.validFrom ?? null,
      validUntil: draft.validUntil ?? null,
      anchors: await this.#anchored(masked.anchors ?? [], namespace),
      ...(createdAt !== undefined && { createdAt }),
    };
    return { memory, secrets: rules };
  }

  async #anchored(anchors: readonly Anchor[], namespace: string): Promise<readonly Anchor[]> {
    return this.#options.anchored?.(anchors, namespace) ?? anchors;
  }

  /** @param before names that it is shared with already: these stay as they are */
  async #sharedWith(
    names: readonly string[] | undefined,
    namespace: string,
    before: readonly string[] = [],
  ): Promise<readonly string[] | undefined> {
    const { audience } = this.#options;
    if (!names || !audience) return names;
    const meant = await audience(
      names.filter(name => !before.includes(name)),
      namespace,
    );
    return [...new Set([...names.filter(name => before.includes(name)), ...meant])];
  }
}

function notFound(id: string): MemoryError {
  return new MemoryError(
    'not_found',
    `There is no memory "${id.slice(0, LIMITS.idChars)}" that you may see.`,
    'Search with semantic_search, or list with get_agent_memories, and use an id from there.',
  );
}
