import type { EmbeddingStore, PendingEmbedding } from '../../engine/ports/embeddingStore.ts';
import type { Database } from './database.ts';

export class SqliteEmbeddingStore implements EmbeddingStore {
  readonly #database: Database;
  readonly #known = new Set<string>();

  constructor(database: Database) {
    this.#database = database;
  }

  async pending(model: string, limit: number): Promise<readonly PendingEmbedding[]> {
    await this.#use(model);
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT m.num, m.content, m.content_hash FROM pending_embeddings AS p JOIN memories AS m USING (num)
         WHERE p.model = ? AND m.deleted_at IS NULL ORDER BY p.num DESC LIMIT ?`,
        model,
        limit,
      ),
    );
    return rows.map(row => ({
      num: row['num'] as number,
      content: row['content'] as string,
      contentHash: row['content_hash'] as string,
    }));
  }

  async countPending(model: string): Promise<number> {
    await this.#use(model);
    return this.#database.look(
      () =>
        this.#database.get(
          `SELECT count(*) AS n FROM pending_embeddings AS p JOIN memories AS m USING (num)
           WHERE p.model = ? AND m.deleted_at IS NULL`,
          model,
        )!['n'] as number,
    );
  }

  async put(
    model: string,
    dimensions: number,
    vectors: readonly { num: number; contentHash: string; vector: Float32Array }[],
  ): Promise<number> {
    await this.#use(model);
    return this.#database.write(() => {
      this.#database.run('UPDATE embedding_models SET dimensions = ? WHERE model = ?', dimensions, model);
      let stored = 0;
      for (const { num, contentHash, vector } of vectors) {
        const { changes } = this.#database.run(
          `INSERT OR REPLACE INTO embeddings (model, num, vector)
           SELECT ?, num, ? FROM memories WHERE num = ? AND content_hash = ?`,
          model,
          vector,
          num,
          contentHash,
        );
        if (changes === 0) continue;
        stored += 1;
        this.#database.run('DELETE FROM pending_embeddings WHERE model = ? AND num = ?', model, num);
      }
      return stored;
    });
  }

  async models(): Promise<readonly { model: string; dimensions: number; count: number }[]> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT model, dimensions, (SELECT count(*) FROM embeddings AS e WHERE e.model = m.model) AS count
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
      for (const table of ['embeddings', 'pending_embeddings', 'embedding_models']) {
        this.#database.run(`DELETE FROM ${table} WHERE model = ?`, model);
      }
    });
    this.#known.delete(model);
  }

  /** A model's first use queues every live memory for it; from then on each write queues its own. */
  async #use(model: string): Promise<void> {
    if (this.#known.has(model)) return;
    const isKnown = () =>
      this.#database.get('SELECT 1 FROM embedding_models WHERE model = ?', model) !== undefined;
    if (!(await this.#database.look(isKnown))) {
      await this.#database.write(() => {
        if (isKnown()) return;
        this.#database.run('INSERT INTO embedding_models (model) VALUES (?)', model);
        this.#database.run(
          'INSERT INTO pending_embeddings SELECT ?, num FROM memories WHERE deleted_at IS NULL',
          model,
        );
      });
    }
    this.#known.add(model);
  }
}
