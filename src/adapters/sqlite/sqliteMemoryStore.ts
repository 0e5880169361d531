import { MemoryError } from '../../engine/errors.ts';
import { type Caller, viewerOf } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import type {
  InsertOutcome,
  MemoryCounts,
  MemoryFilter,
  MemoryStore,
  MemoryVersion,
  NewMemory,
  Page,
  Viewer,
} from '../../engine/ports/memoryStore.ts';
import type { AccessCounter } from './accessCounter.ts';
import { checkMayChange } from './checkMayChange.ts';
import {
  type Audience,
  COMPANY,
  companyOf,
  EXPIRED,
  matching,
  tableToPage,
  visibleTo,
} from './conditions.ts';
import { countMatching, countMemories } from './countMemories.ts';
import type { Database } from './database.ts';
import { toMemory } from './memoryRow.ts';
import { type Kept, type MemoryWriter, toKept, toKeptLabels } from './memoryWriter.ts';
import { undoOperation } from './undoOperation.ts';
import type { Vault } from './vault.ts';

const ORDER = {
  created: { time: 'created_at', way: 'DESC', next: '<' },
  updated: { time: 'updated_at', way: 'DESC', next: '<' },
  accessed: { time: 'accessed_at', way: 'DESC', next: '<' },
  oldest: { time: 'created_at', way: 'ASC', next: '>' },
} as const;
/** Those whom an old version was shown to. */
const THEN: Audience = {
  visibility: "memory ->> 'visibility'",
  owner: "memory ->> 'owner'",
  sharedWith: "memory -> 'sharedWith'",
  sensitive: "(memory ->> 'sealed' IS NOT NULL)",
};
const HOUSEKEEPING = { principal: { id: 'housekeeping' }, instance: 'housekeeping' };

export class SqliteMemoryStore implements MemoryStore {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #writer: MemoryWriter;
  readonly #access: AccessCounter;
  readonly #now: () => number;

  constructor(
    database: Database,
    vault: Vault,
    writer: MemoryWriter,
    access: AccessCounter,
    now: () => number,
  ) {
    this.#database = database;
    this.#vault = vault;
    this.#writer = writer;
    this.#access = access;
    this.#now = now;
  }

  async insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    return this.#access.write(() => drafts.map(draft => this.#insertOne(draft, caller)));
  }

  async get(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    const visible = visibleTo(viewer);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT * FROM memories WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL AND ${visible.sql}`,
        JSON.stringify(ids),
        ...visible.params,
      ),
    );
    const found = new Map(rows.map(row => [row['id'] as string, toMemory(row, this.#vault)]));
    return ids.map(id => found.get(id));
  }

  async update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): Promise<{ memory: Memory; operationId: string }> {
    return this.#access.write(() => {
      const kept = this.#live(id, caller);
      const { version } = kept.memory;
      if (expectedVersion !== undefined && version !== expectedVersion) {
        throw new MemoryError(
          'conflict',
          `The memory "${id}" is at version ${version}, not ${expectedVersion}; nothing was changed.`,
          'Read it again, then repeat the update with its new version.',
        );
      }
      checkMayChange(kept.memory, patch, caller);
      const { memory, operation } = this.#writer.patch(kept, patch, caller);
      return { memory, operationId: operation.id };
    });
  }

  async remove(ids: readonly string[], caller: Caller): Promise<readonly Operation[]> {
    return this.#access.write(() =>
      [...new Set(ids)].flatMap(id => {
        const kept = this.#writer.findLabels(id, viewerOf(caller));
        return kept && !kept.deleted ? [this.#writer.delete(kept, caller)] : [];
      }),
    );
  }

  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#access.write(() =>
      undoOperation(this.#database, this.#vault, this.#writer, operationId, caller, this.#now()),
    );
  }

  async list(
    filter: MemoryFilter,
    page: Page,
    viewer: Viewer,
  ): Promise<{ memories: readonly Memory[]; total: number }> {
    const now = this.#now();
    const { sql, params } = matching(filter, viewer, now);
    const { time, way, next } = ORDER[page.order ?? 'created'];
    const after =
      page.after === undefined
        ? ''
        : `AND (${time}, num) ${next} (SELECT ${time}, num FROM memories WHERE id = ?)`;
    return this.#database.read(() => ({
      // Numbers first: what is sorted and skipped is never read whole.
      memories: this.#database
        .all(
          `SELECT * FROM memories WHERE num IN
             (SELECT num FROM ${tableToPage(filter, page.order)} WHERE ${sql} ${after}
              ORDER BY ${time} ${way}, num ${way} LIMIT ? OFFSET ?)
           ORDER BY ${time} ${way}, num ${way}`,
          ...params,
          ...(page.after === undefined ? [] : [page.after]),
          page.limit,
          page.offset,
        )
        .map(row => toMemory(row, this.#vault)),
      total: countMatching(this.#database, filter, viewer, now),
    }));
  }

  async versions(id: string, viewer: Viewer): Promise<readonly MemoryVersion[]> {
    const now = visibleTo(viewer);
    const then = visibleTo(viewer, THEN);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT v.* FROM memory_versions AS v
         WHERE num = (SELECT num FROM memories WHERE id = ? AND ${now.sql}) AND ${then.sql} ORDER BY version`,
        id,
        ...now.params,
        ...then.params,
      ),
    );
    return rows.map(row => ({
      version: row['version'] as number,
      memory: this.#vault.fromJson<Memory>(row['memory'] as string, id),
      replacedBy: row['replaced_by'] as string,
      replacedAt: row['replaced_at'] as number,
    }));
  }

  async touch(ids: readonly string[], at: number): Promise<void> {
    this.#access.add(ids, at);
  }

  async counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts> {
    return this.#database.read(() => countMemories(this.#database, filter, viewer, this.#now()));
  }

  async expire(at: number, limit: number): Promise<number> {
    const due = () =>
      this.#database.all(
        `SELECT * FROM memories WHERE deleted_at IS NULL AND ${EXPIRED} ORDER BY expires_at LIMIT ?`,
        at,
        limit,
      );
    if ((await this.#database.look(due)).length === 0) return 0;
    return this.#database.write(() => {
      const rows = due();
      for (const row of rows) this.#writer.delete(toKeptLabels(row), HOUSEKEEPING);
      return rows.length;
    });
  }

  #insertOne(draft: NewMemory, caller: Caller): InsertOutcome {
    const now = this.#now();
    const same = this.#sameContent(draft, caller);
    const exposed = same && draft.sensitive && !same.memory.sensitive;
    const sealed = exposed ? this.#writer.patch(same, { sensitive: true }, caller) : undefined;
    const known = sealed ? { ...same!, memory: sealed.memory } : same;
    if (known && !isExpired(known.memory, now)) {
      this.#database.run(
        'UPDATE memories SET access_count = access_count + 1, accessed_at = ? WHERE num = ?',
        now,
        known.num,
      );
      const memory = { ...known.memory, accessCount: known.memory.accessCount + 1, accessedAt: now };
      return { memory, duplicate: true, operationId: sealed?.operation.id ?? null };
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
    );
    return { memory, duplicate: false, operationId: operation.id };
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

  #live(id: string, caller: Caller): Kept {
    const kept = this.#writer.find(id, viewerOf(caller));
    if (kept && !kept.deleted) return kept;
    throw new MemoryError('not_found', `There is no memory "${id}" that you may see.`, 'Check the id.');
  }
}

/** `EXPIRED`, for a memory at hand. */
function isExpired({ expiresAt, pinned, priority }: Memory, now: number): boolean {
  return expiresAt !== null && expiresAt <= now && !pinned && priority !== 'critical';
}
