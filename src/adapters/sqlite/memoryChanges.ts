import { MemoryError } from '../../engine/errors.ts';
import { type Caller, viewerOf } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import type {
  ChangeOutcome,
  InsertOutcome,
  MemoryChange,
  NewMemory,
} from '../../engine/ports/memoryStore.ts';
import { addUses } from './addUses.ts';
import { checkMayChange } from './checkMayChange.ts';
import { COMPANY, companyOf } from './conditions.ts';
import type { Database } from './database.ts';
import { type Kept, type MemoryWriter, toKept } from './memoryWriter.ts';
import { undoOperation } from './undoOperation.ts';
import type { Vault } from './vault.ts';

export const HOUSEKEEPING = { principal: { id: 'housekeeping' }, instance: 'housekeeping' };

/** Changes of one memory each, and the rules by which they are done or refused; called inside a write transaction only. */
export class MemoryChanges {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #writer: MemoryWriter;
  readonly #now: () => number;

  constructor(database: Database, vault: Vault, writer: MemoryWriter, now: () => number) {
    this.#database = database;
    this.#vault = vault;
    this.#writer = writer;
    this.#now = now;
  }

  /** As `MemoryStore.apply`, which says what is refused. */
  apply(change: MemoryChange): ChangeOutcome {
    const { caller, kind } = change;
    switch (kind) {
      case 'insert':
        return { kind, ...this.insert(change.draft, caller) };
      case 'update':
        return { kind, ...this.update(change.id, change.patch, caller, change.expectedVersion) };
      case 'remove': {
        const operation = this.remove(change.id, caller, change.expectedVersion);
        if (!operation) throw notFound(change.id);
        return { kind, operation };
      }
      case 'undo':
        return { kind, operation: this.undo(change.operationId, caller) };
      case 'count': {
        const kept = this.#writer.findLabels(change.to, viewerOf(caller));
        if (!kept || kept.deleted) throw notFound(change.to);
        addUses(this.#database, change);
        return { kind };
      }
    }
  }

  insert(draft: NewMemory, caller: Caller): InsertOutcome {
    const now = this.#now();
    const same = this.#sameContent(draft, caller);
    const repeated = same && repeating(same.memory, draft);
    const changed = repeated ? this.#writer.patch(same, repeated, caller) : undefined;
    const known = changed ? { ...same!, memory: changed.memory } : same;
    if (known && !isExpired(known.memory, now)) {
      this.#database.run(
        'UPDATE memories SET access_count = access_count + 1, accessed_at = ? WHERE num = ?',
        now,
        known.num,
      );
      const memory = { ...known.memory, accessCount: known.memory.accessCount + 1, accessedAt: now };
      return { memory, duplicate: true, operationId: changed?.operation.id ?? null };
    }
    // It would be gone with the next housekeeping, and with it what is being stored now.
    if (known) this.#writer.delete(known, HOUSEKEEPING);
    const { restored, ...fields } = draft;
    const { versions, ...state } = restored ?? {
      owner: caller.principal.id,
      version: 1,
      updatedAt: now,
      accessedAt: now,
      accessCount: 0,
      versions: [],
    };
    const { memory, operation } = this.#writer.create(
      { ...fields, ...state, createdAt: draft.createdAt ?? now },
      caller,
      versions,
      viewerOf(caller).namespaces,
    );
    return { memory, duplicate: false, operationId: operation.id };
  }

  update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): { memory: Memory; operationId: string } {
    const kept = this.#writer.find(id, viewerOf(caller));
    if (!kept || kept.deleted) throw notFound(id);
    demandVersion(kept.memory, expectedVersion);
    checkMayChange(kept.memory, patch, caller);
    const { memory, operation } = this.#writer.patch(kept, patch, caller);
    return { memory, operationId: operation.id };
  }

  /** @returns undefined where the caller may see no such memory */
  remove(id: string, caller: Caller, expectedVersion?: number): Operation | undefined {
    const kept = this.#writer.findLabels(id, viewerOf(caller));
    if (!kept || kept.deleted) return undefined;
    demandVersion(kept.memory, expectedVersion);
    return this.#writer.delete(kept, caller);
  }

  /** As `MemoryStore.undo`. */
  undo(operationId: string, caller: Caller): Operation {
    return undoOperation(this.#database, this.#vault, this.#writer, operationId, caller, this.#now());
  }

  /** The live memory with this content among those the draft would stand with: public ones, or the owner's own. */
  #sameContent(draft: NewMemory, caller: Caller): Kept | undefined {
    const row = this.#database.get(
      `SELECT * FROM memories WHERE namespace = ? AND content_hash IN (?, ?) AND deleted_at IS NULL
       AND ${COMPANY} = ? ORDER BY sensitive DESC LIMIT 1`,
      draft.namespace,
      draft.contentHash,
      this.#vault.hash(draft.content) ?? draft.contentHash,
      companyOf({ owner: caller.principal.id, visibility: draft.visibility }),
    );
    return row && toKept(row, this.#vault);
  }
}

/** What a repeat makes of a memory; undefined: it stays as it is. */
function repeating({ review, sensitive }: Memory, draft: NewMemory): MemoryPatch | undefined {
  const seals = draft.sensitive && !sensitive;
  const accepts = draft.review === 'accepted' && review !== 'accepted';
  if (!seals && !accepts) return undefined;
  return {
    ...(seals && { sensitive: true }),
    ...(accepts && { review: 'accepted', unreviewedBy: null }),
  };
}

function demandVersion({ id, version }: Pick<Memory, 'id' | 'version'>, expected: number | undefined): void {
  if (expected === undefined || version === expected) return;
  throw new MemoryError(
    'conflict',
    `The memory "${id}" is at version ${version}, not ${expected}; nothing was changed.`,
    'Read it again, then repeat the change with its new version.',
  );
}

function notFound(id: string): MemoryError {
  return new MemoryError('not_found', `There is no memory "${id}" that you may see.`, 'Check the id.');
}

/** `EXPIRED`, for a memory at hand. */
function isExpired({ expiresAt, pinned, priority }: Memory, now: number): boolean {
  return expiresAt !== null && expiresAt <= now && !pinned && priority !== 'critical';
}
