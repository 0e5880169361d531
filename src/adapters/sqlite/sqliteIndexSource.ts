import type { Memory } from '../../engine/model/memory.ts';
import type {
  IndexBatch,
  IndexHeads,
  IndexRecord,
  IndexSource,
  VectorBatch,
} from '../../engine/ports/indexSource.ts';
import type { MemoryStore, Viewer } from '../../engine/ports/memoryStore.ts';
import type { Bindable } from './bind.ts';
import { readable } from './conditions.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';
import { contentOf, parseList } from './memoryRow.ts';
import type { Vault } from './vault.ts';

/** Deleted, or not to be decrypted here: an index that has it shall drop it. */
const GONE = `(deleted_at IS NOT NULL OR NOT ${readable()})`;
const COLUMNS = `num, id, namespace, owner, visibility, shared_with, agent, type, priority, tags, session, pinned, sensitive,
  content, created_at, updated_at, access_count, expires_at, valid_from, valid_until, review,
  unreviewed_by, ${GONE} AS gone, seq`;

const MODEL = '(SELECT id FROM embedding_models WHERE model = ?)';

export class SqliteIndexSource implements IndexSource {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #memories: MemoryStore;

  constructor(database: Database, vault: Vault, memories: MemoryStore) {
    this.#database = database;
    this.#vault = vault;
    this.#memories = memories;
  }

  async memories(ids: readonly string[], viewer: Viewer): Promise<readonly (Memory | undefined)[]> {
    return this.#memories.get(ids, viewer);
  }

  async changesAfter(cursor: number, limit: number, since = 0): Promise<IndexBatch> {
    const some = since > cursor ? 'AND (sensitive OR seq > ?)' : '';
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT ${COLUMNS} FROM memories
         WHERE seq > ? ${some} ${cursor === 0 ? `AND NOT ${GONE}` : ''} ORDER BY seq LIMIT ?`,
        cursor,
        ...(some === '' ? [] : [since]),
        limit,
      ),
    );
    const done = rows.length < limit;
    const last = (rows.at(-1)?.['seq'] as number | undefined) ?? cursor;
    return { records: rows.map(row => toRecord(row, this.#vault)), cursor: last, done };
  }

  async newestAfter(count: number): Promise<number> {
    const row = await this.#database.look(() =>
      this.#database.get(
        `SELECT seq FROM memories INDEXED BY memories_seq WHERE NOT ${GONE} ORDER BY seq DESC LIMIT 1 OFFSET ?`,
        count,
      ),
    );
    return (row?.['seq'] as number | undefined) ?? 0;
  }

  async recordsAround(ids: readonly string[], distance: number): Promise<readonly IndexRecord[]> {
    const rows = await this.#database.read(() => {
      const found = new Map<number, Row>();
      const add = (sql: string, ...params: readonly Bindable[]) => {
        for (const row of this.#database.all(
          `SELECT ${COLUMNS} FROM memories WHERE NOT ${GONE} AND ${sql}`,
          ...params,
        ))
          found.set(row['num'] as number, row);
      };
      add('id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));
      if (distance > 0) add(`num IN (SELECT value FROM json_each(?))`, this.#neighbours(found, distance));
      return [...found.values()];
    });
    return rows.map(row => toRecord(row, this.#vault));
  }

  async count(): Promise<{ memories: number; open: number }> {
    const row = await this.#database.look(() =>
      this.#database.get(
        `SELECT count(*) AS memories, sum(NOT sensitive) AS open FROM memories INDEXED BY memories_scan
         WHERE deleted_at IS NULL AND ${readable()}`,
      ),
    );
    return { memories: row!['memories'] as number, open: (row!['open'] as number | null) ?? 0 };
  }

  async vectorsAfter(model: string, cursor: number, limit: number): Promise<VectorBatch> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT position, num, vector FROM embeddings AS e INDEXED BY embeddings_position
         WHERE model = ${MODEL} AND position > ? AND EXISTS
           (SELECT 1 FROM memories WHERE num = e.num AND deleted_at IS NULL AND ${readable()})
         ORDER BY position LIMIT ?`,
        model,
        cursor,
        limit,
      ),
    );
    return {
      records: rows.map(row => ({
        num: row['num'] as number,
        vector: this.#vault.openVector(row['vector'] as Uint8Array, row['num'] as number),
      })),
      cursor: (rows.at(-1)?.['position'] as number | undefined) ?? cursor,
      done: rows.length < limit,
    };
  }

  async vectors(model: string, nums: readonly number[]): Promise<Float32Array> {
    const { dimensions, rows } = await this.#database.read(() => ({
      dimensions:
        (this.#database.get('SELECT dimensions FROM embedding_models WHERE model = ?', model)?.[
          'dimensions'
        ] as number | null | undefined) ?? 0,
      // One statement for all of them: a call of the driver costs more than what it finds.
      rows: this.#database.all(
        `SELECT e.num, vector FROM json_each(?) AS wanted CROSS JOIN embeddings AS e ON e.num = wanted.value
         WHERE model = ${MODEL} AND EXISTS (SELECT 1 FROM memories WHERE num = e.num AND ${readable()})`,
        JSON.stringify(nums),
        model,
      ),
    }));
    const found = new Map(rows.map(row => [row['num'] as number, row['vector'] as Uint8Array]));
    const all = new Float32Array(dimensions * nums.length);
    for (const [i, num] of nums.entries()) {
      const vector = found.get(num);
      if (vector) all.set(this.#vault.openVector(vector, num), i * dimensions);
    }
    return all;
  }

  /** Numbers, as JSON, of those that stand before and after these in their sessions, without these. */
  #neighbours(rows: ReadonlyMap<number, Row>, distance: number): string {
    const nums = new Set<number>();
    for (const { num, namespace, session, created_at: created } of rows.values()) {
      if (session === null) continue;
      for (const [than, order] of [
        ['<', 'DESC'],
        ['>', 'ASC'],
      ]) {
        const near = this.#database.all(
          `SELECT num FROM memories INDEXED BY memories_session
           WHERE deleted_at IS NULL AND session = ? AND namespace = ? AND (created_at, num) ${than} (?, ?)
           ORDER BY created_at ${order}, num ${order} LIMIT ?`,
          ...([session, namespace, created, num, distance] as Bindable[]),
        );
        for (const one of near) if (!rows.has(one['num'] as number)) nums.add(one['num'] as number);
      }
    }
    return JSON.stringify([...nums]);
  }

  async heads(model: string): Promise<IndexHeads> {
    return this.#database.look(() => {
      const row = this.#database.get(
        `SELECT (SELECT max(seq) FROM memories) AS log, (SELECT level FROM temp.clearance) AS level,
           (SELECT max(position) FROM embeddings WHERE model = ${MODEL}) AS vectors`,
        model,
      )!;
      return {
        log: (row['log'] as number | null) ?? 0,
        vectors: (row['vectors'] as number | null) ?? 0,
        whole: row['level'] === 1,
      };
    });
  }
}

function toRecord(row: Row, vault: Vault): IndexRecord {
  const deleted = row['gone'] === 1;
  return {
    num: row['num'] as number,
    id: row['id'] as string,
    deleted,
    namespace: row['namespace'] as string,
    owner: row['owner'] as string,
    visibility: row['visibility'] as IndexRecord['visibility'],
    sharedWith: parseList<string>(row['shared_with']),
    agent: row['agent'] as string | null,
    type: row['type'] as IndexRecord['type'],
    priority: row['priority'] as IndexRecord['priority'],
    tags: parseList<string>(row['tags']),
    session: row['session'] as string | null,
    pinned: row['pinned'] === 1,
    sensitive: row['sensitive'] === 1,
    content: deleted ? '' : contentOf(row, vault),
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
    accessCount: row['access_count'] as number,
    expiresAt: row['expires_at'] as number | null,
    validFrom: row['valid_from'] as number | null,
    validUntil: row['valid_until'] as number | null,
    unreviewedBy: row['review'] === 'accepted' ? null : ((row['unreviewed_by'] as string | null) ?? ''),
  };
}
