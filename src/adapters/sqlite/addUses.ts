import type { MemoryChange } from '../../engine/ports/memoryStore.ts';
import type { Database } from './database.ts';

/** Adds the uses of memories to another's, or takes them off; inside a write transaction. */
export function addUses(
  database: Database,
  { away, of, to }: Pick<Extract<MemoryChange, { kind: 'count' }>, 'away' | 'of' | 'to'>,
): void {
  const { uses, known } = database.get(
    `SELECT (SELECT coalesce(sum(access_count), 0) FROM memories WHERE id IN (SELECT value FROM json_each(?))) AS uses,
       (SELECT access_count FROM memories WHERE id = ?) AS known`,
    JSON.stringify(of),
    to,
  ) as { readonly uses: number; readonly known: number };
  const added = away ? -Math.min(uses, known) : uses;
  if (added === 0) return;
  database.run('UPDATE memories SET access_count = access_count + ? WHERE id = ?', added, to);
  noteUses(database, to, added, 0);
}

/** On a machine of several, the others are to know; inside a write transaction. @param at ms of the last use, 0: none is later */
export function noteUses(database: Database, id: string, count: number, at: number): void {
  database.run(
    `INSERT INTO waiting_accesses SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM meta WHERE key = 'central_log')
     ON CONFLICT DO UPDATE SET count = count + excluded.count, at = max(at, excluded.at)`,
    id,
    count,
    at,
  );
}
