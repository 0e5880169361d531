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
import { matching, visibleTo } from './conditions.ts';
import { countMemories } from './countMemories.ts';
import type { Database } from './database.ts';
import { toMemory } from './memoryRow.ts';
import type { Kept, MemoryWriter } from './memoryWriter.ts';
import { undoOperation } from './undoOperation.ts';

const ORDER = { created: 'created_at', updated: 'updated_at', accessed: 'accessed_at' } as const;
const HOUSEKEEPING = { principal: { id: 'housekeeping' }, instance: 'housekeeping' };

export class SqliteMemoryStore implements MemoryStore {
  readonly #database: Database;
  readonly #writer: MemoryWriter;
  readonly #access: AccessCounter;
  readonly #now: () => number;

  constructor(database: Database, writer: MemoryWriter, access: AccessCounter, now: () => number) {
    this.#database = database;
    this.#writer = writer;
    this.#access = access;
    this.#now = now;
  }

  async insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    return this.#database.write(() => drafts.map(draft => this.#insertOne(draft, caller)));
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
    const found = new Map(rows.map(row => [row['id'] as string, toMemory(row)]));
    return ids.map(id => found.get(id));
  }

  async update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): Promise<{ memory: Memory; operationId: string }> {
    return this.#database.write(() => {
      const kept = this.#live(id, caller);
      const { owner, version } = kept.memory;
      if (expectedVersion !== undefined && version !== expectedVersion) {
        throw new MemoryError(
          'conflict',
          `The memory "${id}" is at version ${version}, not ${expectedVersion}; nothing was changed.`,
          'Read it again, then repeat the update with its new version.',
        );
      }
      if (
        (patch.visibility !== undefined || patch.sharedWith !== undefined) &&
        owner !== caller.principal.id
      ) {
        throw new MemoryError(
          'forbidden',
          `Only its owner (${owner}) may change who sees "${id}".`,
          'Store a memory of your own instead.',
        );
      }
      const { memory, operation } = this.#writer.patch(kept, patch, caller);
      return { memory, operationId: operation.id };
    });
  }

  async remove(ids: readonly string[], caller: Caller): Promise<readonly Operation[]> {
    return this.#database.write(() =>
      [...new Set(ids)].flatMap(id => {
        const kept = this.#writer.find(id, viewerOf(caller));
        return kept && !kept.deleted ? [this.#writer.mark('delete', kept, caller)] : [];
      }),
    );
  }

  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#database.write(() => undoOperation(this.#database, this.#writer, operationId, caller));
  }

  async list(
    filter: MemoryFilter,
    page: Page,
    viewer: Viewer,
  ): Promise<{ memories: readonly Memory[]; total: number }> {
    const { sql, params } = matching(filter, viewer, this.#now());
    const order = ORDER[page.order ?? 'created'];
    return this.#database.read(() => ({
      memories: this.#database
        .all(
          `SELECT * FROM memories WHERE ${sql} ORDER BY ${order} DESC, num DESC LIMIT ? OFFSET ?`,
          ...params,
          page.limit,
          page.offset,
        )
        .map(toMemory),
      total: this.#database.get(`SELECT count(*) AS total FROM memories WHERE ${sql}`, ...params)![
        'total'
      ] as number,
    }));
  }

  async versions(id: string, viewer: Viewer): Promise<readonly MemoryVersion[]> {
    const visible = visibleTo(viewer);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT v.* FROM memory_versions AS v JOIN memories AS m USING (num)
         WHERE m.id = ? AND m.num IN (SELECT num FROM memories WHERE id = ? AND ${visible.sql}) ORDER BY v.version`,
        id,
        id,
        ...visible.params,
      ),
    );
    return rows.map(row => ({
      version: row['version'] as number,
      memory: JSON.parse(row['memory'] as string) as Memory,
      replacedBy: row['replaced_by'] as string,
      replacedAt: row['replaced_at'] as number,
    }));
  }

  async touch(ids: readonly string[], at: number): Promise<void> {
    this.#access.add(ids, at);
  }

  async counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts> {
    return this.#database.look(() => countMemories(this.#database, filter, viewer, this.#now()));
  }

  async expire(at: number, limit: number): Promise<number> {
    const due = () =>
      this.#database.all(
        `SELECT * FROM memories WHERE deleted_at IS NULL AND pinned = 0 AND priority <> 'critical' AND expires_at <= ?
         ORDER BY expires_at LIMIT ?`,
        at,
        limit,
      );
    if ((await this.#database.look(due)).length === 0) return 0;
    return this.#database.write(() => {
      const rows = due();
      for (const row of rows) {
        const kept: Kept = { num: row['num'] as number, memory: toMemory(row), deleted: false };
        this.#writer.mark('delete', kept, HOUSEKEEPING);
      }
      return rows.length;
    });
  }

  #insertOne(draft: NewMemory, caller: Caller): InsertOutcome {
    const known = this.#sameContent(draft, caller);
    const now = this.#now();
    if (known) {
      this.#database.run(
        'UPDATE memories SET access_count = access_count + 1, accessed_at = ? WHERE id = ?',
        now,
        known.id,
      );
      const memory = { ...known, accessCount: known.accessCount + 1, accessedAt: now };
      return { memory, duplicate: true, operationId: null };
    }
    const memory: Memory = {
      ...draft,
      owner: caller.principal.id,
      version: 1,
      createdAt: draft.createdAt ?? now,
      updatedAt: now,
      accessedAt: now,
      accessCount: 0,
    };
    return { memory, duplicate: false, operationId: this.#writer.create(memory, caller).id };
  }

  /** The live memory with this content among those the draft would stand with: public ones, or the owner's own. */
  #sameContent(draft: NewMemory, caller: Caller): Memory | undefined {
    const row = this.#database.get(
      `SELECT * FROM memories WHERE namespace = ? AND content_hash = ? AND deleted_at IS NULL
       AND CASE visibility WHEN 'public' THEN '' ELSE owner END = ?`,
      draft.namespace,
      draft.contentHash,
      draft.visibility === 'public' ? '' : caller.principal.id,
    );
    return row && toMemory(row);
  }

  #live(id: string, caller: Caller): Kept {
    const kept = this.#writer.find(id, viewerOf(caller));
    if (kept && !kept.deleted) return kept;
    throw new MemoryError('not_found', `There is no memory "${id}" that you may see.`, 'Check the id.');
  }
}
