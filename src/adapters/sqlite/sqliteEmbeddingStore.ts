import { MemoryError } from '../../engine/errors.ts';
import type { EmbeddedMemory, EmbeddingStore, PendingEmbedding } from '../../engine/ports/embeddingStore.ts';
import type { MemoryFilter, Viewer } from '../../engine/ports/memoryStore.ts';
import { matching, readable } from './conditions.ts';
import type { Database } from './database.ts';
import { contentOf } from './memoryRow.ts';
import type { Vault } from './vault.ts';

export class SqliteEmbeddingStore implements EmbeddingStore {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #now: () => number;

  constructor(database: Database, vault: Vault, now: () => number) {
    this.#database = database;
    this.#vault = vault;
    this.#now = now;
  }

  async pending(model: string, limit: number): Promise<readonly PendingEmbedding[]> {
    const id = await this.#idOf(model);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT m.num, m.id, m.namespace, m.sensitive, m.content, m.content_hash FROM pending_embeddings AS p JOIN memories AS m USING (num)
         WHERE p.model = ? AND m.deleted_at IS NULL AND ${readable('m.sensitive')} ORDER BY p.num DESC LIMIT ?`,
        id,
        limit,
      ),
    );
    return rows.map(row => ({
      num: row['num'] as number,
      id: row['id'] as string,
      namespace: row['namespace'] as string,
      sensitive: row['sensitive'] === 1,
      content: contentOf(row, this.#vault),
      contentHash: row['content_hash'] as string,
    }));
  }

  async countPending(model: string): Promise<number> {
    const id = await this.#idOf(model);
    return this.#database.look(
      () =>
        this.#database.get(
          `SELECT count(*) AS n FROM pending_embeddings AS p JOIN memories AS m USING (num)
           WHERE p.model = ? AND m.deleted_at IS NULL AND ${readable('m.sensitive')}`,
          id,
        )!['n'] as number,
    );
  }

  async countPendingOf(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    nums: readonly number[],
  ): Promise<{ readonly all: number; readonly of: number }> {
    const id = await this.#idOf(model);
    const { sql, params } = matching(filter, viewer, this.#now());
    const row = await this.#database.look(() =>
      this.#database.get(
        `SELECT count(*) AS "all", count(*) FILTER (WHERE num IN (SELECT value FROM json_each(?))) AS "of"
         FROM pending_embeddings AS p JOIN memories USING (num) WHERE p.model = ? AND ${sql}`,
        JSON.stringify(nums),
        id,
        ...params,
      ),
    );
    return { all: row!['all'] as number, of: row!['of'] as number };
  }

  async list(
    model: string,
    filter: MemoryFilter,
    viewer: Viewer,
    { below, limit }: { readonly below: number; readonly limit: number },
  ): Promise<readonly EmbeddedMemory[]> {
    const { sql, params } = matching(filter, viewer, this.#now());
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT num, id, type, agent, (SELECT position FROM embeddings AS e WHERE e.model =
           (SELECT m.id FROM embedding_models AS m WHERE m.model = ?) AND e.num = memories.num) AS vector
         FROM memories WHERE ${sql} AND num < ? ORDER BY num DESC LIMIT ?`,
        model,
        ...params,
        below,
        limit,
      ),
    );
    return rows as unknown as readonly EmbeddedMemory[];
  }

  async put(
    model: string,
    dimensions: number,
    vectors: readonly { num: number; contentHash: string; vector: Float32Array }[],
  ): Promise<number> {
    if (vectors.some(({ vector }) => vector.length !== dimensions)) {
      throw new MemoryError(
        'invalid_input',
        `A vector of ${model} is not ${dimensions} long.`,
        'Use a model of one length for each name.',
      );
    }
    return this.#database.write(() => {
      const id = this.#find(model) ?? this.#add(model);
      this.#setDimensions(model, id, dimensions);
      let stored = 0;
      for (const { num, contentHash, vector } of vectors) {
        const memory = this.#database.get(
          'SELECT sensitive FROM memories WHERE num = ? AND content_hash = ?',
          num,
          contentHash,
        );
        if (!memory) continue;
        this.#database.run(
          'INSERT OR REPLACE INTO embeddings (model, num, vector) VALUES (?, ?, ?)',
          id,
          num,
          memory['sensitive'] === 1 ? this.#vault.sealVector(vector, num) : vector,
        );
        stored += 1;
        this.#database.run('DELETE FROM pending_embeddings WHERE model = ? AND num = ?', id, num);
      }
      return stored;
    });
  }

  async models(): Promise<readonly { model: string; dimensions: number; count: number }[]> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT model, dimensions, (SELECT count(*) FROM embeddings AS e WHERE e.model = m.id) AS count
         FROM embedding_models AS m WHERE dimensions IS NOT NULL ORDER BY model`,
      ),
    );
    return rows.map(row => ({
      model: row['model'] as string,
      dimensions: row['dimensions'] as number,
      count: row['count'] as number,
    }));
  }

  async drop(model: string): Promise<void> {
    await this.#database.write(() => {
      const id = this.#find(model);
      if (id === undefined) return;
      this.#database.run('DELETE FROM embeddings WHERE model = ?', id);
      this.#database.run('DELETE FROM pending_embeddings WHERE model = ?', id);
      this.#database.run('DELETE FROM embedding_models WHERE id = ?', id);
    });
  }

  /** A model's first use queues every live memory for it; from then on each write queues its own. */
  async #idOf(model: string): Promise<number> {
    return (
      (await this.#database.look(() => this.#find(model))) ??
      this.#database.write(() => this.#find(model) ?? this.#add(model))
    );
  }

  #find(model: string): number | undefined {
    return this.#database.get('SELECT id FROM embedding_models WHERE model = ?', model)?.['id'] as
      | number
      | undefined;
  }

  #add(model: string): number {
    const { lastInsertRowid: id } = this.#database.run(
      'INSERT INTO embedding_models (model) VALUES (?)',
      model,
    );
    this.#database.run(
      'INSERT INTO pending_embeddings SELECT ?, num FROM memories WHERE deleted_at IS NULL',
      id,
    );
    return id;
  }

  #setDimensions(model: string, id: number, dimensions: number): void {
    const row = this.#database.get('SELECT dimensions FROM embedding_models WHERE id = ?', id);
    if (row?.['dimensions'] === dimensions) return;
    if (row?.['dimensions'] !== null) {
      throw new MemoryError(
        'conflict',
        `${model} has vectors of ${row?.['dimensions']} dimensions here, not ${dimensions}.`,
        'Drop its vectors first, or give the other model another name.',
      );
    }
    this.#database.run('UPDATE embedding_models SET dimensions = ? WHERE id = ?', dimensions, id);
  }
}
