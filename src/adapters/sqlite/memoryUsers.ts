import type { Database } from './database.ts';

/** Users of a memory that are noted: enough to tell several from one. */
const MOST = 16;

/** Inside a write transaction. */
export function noteUser(database: Database, memoryId: string, user: string, at: number): void {
  const { changes } = database.run(
    'UPDATE memory_users SET at = max(at, ?) WHERE memory_id = ? AND user = ?',
    ...[at, memoryId, user],
  );
  if (changes > 0) return;
  database.run(
    `INSERT INTO memory_users SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM memory_users WHERE memory_id = ?1) < ${MOST}
     AND EXISTS (SELECT 1 FROM memories WHERE id = ?1 AND deleted_at IS NULL)`,
    ...[memoryId, user, at],
  );
}

/** In the order asked. @param since ms */
export function countUsers(database: Database, ids: readonly string[], since: number): readonly number[] {
  const rows = database.all(
    `SELECT memory_id, count(*) AS users FROM memory_users
     WHERE memory_id IN (SELECT value FROM json_each(?)) AND at >= ? GROUP BY memory_id`,
    ...[JSON.stringify(ids), since],
  );
  const counts = new Map(rows.map(row => [row['memory_id'] as string, row['users'] as number]));
  return ids.map(id => counts.get(id) ?? 0);
}
