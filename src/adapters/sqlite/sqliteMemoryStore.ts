import { inPlace } from '../../engine/memories/inPlace.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';
import type { Operation } from '../../engine/model/operation.ts';
import type { Span } from '../../engine/model/span.ts';
import type {
  ChangeOutcome,
  InsertOutcome,
  MemoryChange,
  MemoryCounts,
  MemoryFilter,
  MemoryStore,
  MemoryTrend,
  MemoryVersion,
  NewMemory,
  Page,
  TrendDays,
  UnreviewedMemory,
  Viewer,
} from '../../engine/ports/memoryStore.ts';
import type { AccessCounter } from './accessCounter.ts';
import { type Audience, EXPIRED, MEANT, matching, tableToPage, visibleTo } from './conditions.ts';
import { countMatching, countMemories } from './countMemories.ts';
import type { Database } from './database.ts';
import { kept } from './kept.ts';
import { listUnreviewed } from './listUnreviewed.ts';
import { HOUSEKEEPING, MemoryChanges } from './memoryChanges.ts';
import { toMemory } from './memoryRow.ts';
import { memoryTrend } from './memoryTrend.ts';
import { countUsers } from './memoryUsers.ts';
import { type MemoryWriter, toKeptLabels } from './memoryWriter.ts';
import type { Vault } from './vault.ts';

const ORDER = {
  created: { time: 'created_at', way: 'DESC', next: '<' },
  updated: { time: 'updated_at', way: 'DESC', next: '<' },
  accessed: { time: 'accessed_at', way: 'DESC', next: '<' },
  oldest: { time: 'created_at', way: 'ASC', next: '>' },
} as const;
/** Those whom an old version was shown to. */
const THEN: Audience = {
  namespace: "memory ->> 'namespace'",
  visibility: "memory ->> 'visibility'",
  owner: "memory ->> 'owner'",
  sharedWith: "memory -> 'sharedWith'",
  sensitive: "(memory ->> 'sealed' IS NOT NULL)",
  review: { state: "memory ->> 'review'", by: "memory ->> 'unreviewedBy'" },
};

const one = kept((visible: string) => byId('= ?', visible));
const listed = kept((visible: string) => byId('IN (SELECT value FROM json_each(?))', visible));

function byId(which: string, visible: string): string {
  return `SELECT * FROM memories WHERE id ${which} AND deleted_at IS NULL AND ${visible}`;
}

export class SqliteMemoryStore implements MemoryStore {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #writer: MemoryWriter;
  readonly #changes: MemoryChanges;
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
    this.#changes = new MemoryChanges(database, vault, writer, now);
    this.#access = access;
    this.#now = now;
  }

  async insert(drafts: readonly NewMemory[], caller: Caller): Promise<readonly InsertOutcome[]> {
    return this.#access.write(() => drafts.map(draft => this.#changes.insert(draft, caller)));
  }

  async get(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    const found = await this.#byId(ids, viewer);
    const missing = ids.filter(id => !found.has(id));
    if (missing.length === 0) return ids.map(id => found.get(id));
    const aliases = await this.#aliases(missing);
    const standIns = aliases.size > 0 ? await this.#byId([...aliases.values()], viewer) : found;
    return ids.map(id => found.get(id) ?? standIns.get(aliases.get(id) ?? id));
  }

  async update(
    id: string,
    patch: MemoryPatch,
    caller: Caller,
    expectedVersion?: number,
  ): Promise<{ memory: Memory; operationId: string }> {
    return this.#access.write(() => this.#changes.update(id, patch, caller, expectedVersion));
  }

  async remove(ids: readonly string[], caller: Caller): Promise<readonly Operation[]> {
    return this.#access.write(() => [...new Set(ids)].flatMap(id => this.#changes.remove(id, caller) ?? []));
  }

  async apply(changes: readonly MemoryChange[]): Promise<readonly ChangeOutcome[]> {
    return this.#access.write(() =>
      changes.map((change, i) => {
        try {
          return this.#changes.apply(change);
        } catch (error) {
          throw changes.length === 1 ? error : inPlace(error, i + 1, changes.length);
        }
      }),
    );
  }

  async undo(operationId: string, caller: Caller): Promise<Operation> {
    return this.#access.write(() => this.#changes.undo(operationId, caller));
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
      total: page.uncounted ? 0 : countMatching(this.#database, filter, viewer, now),
    }));
  }

  async versions(id: string, viewer: Viewer): Promise<readonly MemoryVersion[]> {
    const now = visibleTo(viewer);
    const then = visibleTo(viewer, THEN);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT v.* FROM memory_versions AS v
         WHERE num = (SELECT num FROM memories WHERE id = ${MEANT} AND ${now.sql}) AND ${then.sql} ORDER BY version`,
        id,
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

  async unreviewed(
    filter: MemoryFilter,
    page: Span,
    viewer: Viewer,
    instance?: string,
  ): Promise<{ memories: readonly UnreviewedMemory[]; total: number }> {
    const parts = { database: this.#database, vault: this.#vault };
    const then = visibleTo(viewer, THEN);
    return this.#database.read(() =>
      listUnreviewed(parts, filter, page, viewer, then, { instance, now: this.#now() }),
    );
  }

  touch(ids: readonly string[], at: number, user?: string): void {
    this.#access.add(ids, at, user);
  }

  async users(ids: readonly string[], since: number): Promise<readonly number[]> {
    await this.#access.flush();
    return this.#database.look(() => countUsers(this.#database, ids, since));
  }

  async counts(filter: MemoryFilter, viewer: Viewer): Promise<MemoryCounts> {
    return this.#database.read(() => countMemories(this.#database, filter, viewer, this.#now()));
  }

  async trend(filter: MemoryFilter, days: TrendDays, viewer: Viewer): Promise<MemoryTrend> {
    return this.#database.read(() => memoryTrend(this.#database, filter, days, viewer, this.#now()));
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

  async #byId(ids: readonly string[], viewer: Viewer): Promise<ReadonlyMap<string, Memory>> {
    const { params, sql } = visibleTo(viewer);
    const rows = await this.#database.look(() => {
      if (ids.length > 1) return this.#database.all(listed(sql), JSON.stringify(ids), ...params);
      // The one that is asked for most: a third less than a list of one.
      const row = this.#database.get(one(sql), ids[0] ?? null, ...params);
      return row ? [row] : [];
    });
    return new Map(rows.map(row => [row['id'] as string, toMemory(row, this.#vault)]));
  }

  /** Of these ids, those in whose place another memory stands. */
  async #aliases(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT id, stands_for FROM memory_aliases WHERE id IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM memories AS own WHERE own.id = memory_aliases.id)`,
        JSON.stringify(ids),
      ),
    );
    return new Map(rows.map(row => [row['id'] as string, row['stands_for'] as string]));
  }
}
