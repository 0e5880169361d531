import type { Database } from './database.ts';
import type { SqlValue } from './driver.ts';

/** What is kept of a memory beside its row; inside a write transaction. */
export function addTags(database: Database, num: SqlValue, tags: readonly string[]): void {
  for (const tag of new Set(tags)) database.run('INSERT INTO memory_tags (tag, num) VALUES (?, ?)', tag, num);
}

export function removeTags(database: Database, num: SqlValue): void {
  database.run('DELETE FROM memory_tags WHERE num = ?', num);
}

/** Its embedding is to be computed for every model in use. */
export function awaitEmbedding(database: Database, num: SqlValue): void {
  database.run('INSERT OR IGNORE INTO pending_embeddings SELECT id, ? FROM embedding_models', num);
}
