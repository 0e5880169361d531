import type { Accesses } from '../../../engine/ports/replica.ts';
import type { Database } from '../database.ts';

/** Key in `meta`: how far the accesses of other machines are known. */
const KNOWN = 'central_accesses';

const WAITING = 'coalesce((SELECT count FROM waiting_accesses WHERE memory_id = ?3), 0)';

/** Counted here, and not told to the others. */
export function waitingAccesses(database: Database, limit: number): { counted: Accesses[]; from: number } {
  const rows = database.all('SELECT memory_id, count, at FROM waiting_accesses LIMIT ?', limit);
  const known = database.get('SELECT value FROM meta WHERE key = ?', KNOWN)?.['value'];
  return {
    counted: rows.map(row => ({
      id: row['memory_id'] as string,
      count: row['count'] as number,
      at: row['at'] as number,
    })),
    from: Number(known ?? 0),
  };
}

/** See `Replica.takeAccesses`; inside a write transaction. */
export function takeAccesses(
  database: Database,
  counted: readonly Accesses[],
  totals: readonly Accesses[],
  to: number,
): void {
  for (const { id, count } of counted) {
    // More may have been counted meanwhile.
    database.run('UPDATE waiting_accesses SET count = count - ? WHERE memory_id = ?', count, id);
    database.run('DELETE FROM waiting_accesses WHERE memory_id = ? AND count <= 0', id);
  }
  for (const { id, count, at } of totals) {
    // Mostly nobody else has used it: what stays as it is is not written.
    database.run(
      `UPDATE memories SET accessed_at = max(accessed_at, ?2), access_count = ?1 + ${WAITING}
       WHERE id = ?3 AND (accessed_at < ?2 OR access_count <> ?1 + ${WAITING})`,
      count,
      at,
      id,
    );
  }
  database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', KNOWN, String(to));
}
