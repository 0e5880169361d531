import type { IndexBatch, IndexRecord, IndexSource, VectorBatch } from '../../engine/ports/indexSource.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';
import { parseList } from './memoryRow.ts';

const COLUMNS = `num, id, namespace, owner, visibility, shared_with, agent, type, priority, tags, session, pinned, content,
  created_at, updated_at, access_count, expires_at, valid_from, valid_until, deleted_at, seq`;

const MODEL = '(SELECT id FROM embedding_models WHERE model = ?)';

export class SqliteIndexSource implements IndexSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async changesAfter(cursor: number, limit: number): Promise<IndexBatch> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT ${COLUMNS} FROM memories WHERE seq > ? ${cursor === 0 ? 'AND deleted_at IS NULL' : ''} ORDER BY seq LIMIT ?`,
        cursor,
        limit,
      ),
    );
    const done = rows.length < limit;
    const last = (rows.at(-1)?.['seq'] as number | undefined) ?? cursor;
    return { records: rows.map(toRecord), cursor: last, done };
  }

  async vectorsAfter(model: string, cursor: number, limit: number): Promise<VectorBatch> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT position, num, vector FROM embeddings AS e INDEXED BY embeddings_position
         WHERE model = ${MODEL} AND position > ? AND (SELECT deleted_at FROM memories WHERE num = e.num) IS NULL
         ORDER BY position LIMIT ?`,
        model,
        cursor,
        limit,
      ),
    );
    return {
      records: rows.map(row => ({
        num: row['num'] as number,
        vector: toVector(row['vector'] as Uint8Array),
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
      rows: nums.map(num =>
        this.#database.get(`SELECT vector FROM embeddings WHERE model = ${MODEL} AND num = ?`, model, num),
      ),
    }));
    const all = new Float32Array(dimensions * nums.length);
    for (const [i, row] of rows.entries()) {
      if (row) all.set(toVector(row['vector'] as Uint8Array), i * dimensions);
    }
    return all;
  }

  async heads(model: string): Promise<{ log: number; vectors: number }> {
    return this.#database.look(() => {
      const row = this.#database.get(
        `SELECT (SELECT max(seq) FROM memories) AS log, (SELECT max(position) FROM embeddings WHERE model = ${MODEL}) AS vectors`,
        model,
      )!;
      return { log: (row['log'] as number | null) ?? 0, vectors: (row['vectors'] as number | null) ?? 0 };
    });
  }
}

function toRecord(row: Row): IndexRecord {
  return {
    num: row['num'] as number,
    id: row['id'] as string,
    deleted: row['deleted_at'] !== null,
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
    content: row['content'] as string,
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
    accessCount: row['access_count'] as number,
    expiresAt: row['expires_at'] as number | null,
    validFrom: row['valid_from'] as number | null,
    validUntil: row['valid_until'] as number | null,
  };
}

/** Blobs may lie at any address; a Float32Array needs a multiple of four. */
function toVector(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  // Not slice(): that of a Buffer shares its memory.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
