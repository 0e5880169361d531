import type { MemoryCounts, MemoryFilter, Viewer } from '../../engine/ports/memoryStore.ts';
import { matching, tableToCount } from './conditions.ts';
import type { Database } from './database.ts';
import type { Row } from './driver.ts';

/** One pass over what matches, grouped as far as SQL can, summed up here; inside a read transaction. */
export function countMemories(
  database: Database,
  filter: MemoryFilter,
  viewer: Viewer,
  now: number,
): MemoryCounts {
  // Expired memories are counted apart, until housekeeping takes them.
  const { sql, params } = matching(filter, viewer, now);
  const rows = database.all(
    `SELECT type, priority, coalesce(agent, '') AS agent, namespace, sum(pinned) AS pinned, count(*) AS total,
       sum(content_bytes) AS bytes
     FROM ${tableToCount(filter)} WHERE ${sql} GROUP BY type, priority, agent, namespace`,
    ...params,
  );
  return {
    total: sum(rows, 'total'),
    byType: totals(rows, 'type'),
    byPriority: totals(rows, 'priority'),
    byAgent: totals(rows, 'agent'),
    byNamespace: totals(rows, 'namespace'),
    pinned: sum(rows, 'pinned'),
    expired: countMatching(database, { ...filter, expiredAt: now }, viewer, now),
    contentBytes: sum(rows, 'bytes'),
  };
}

/** How many match and are visible. */
export function countMatching(database: Database, filter: MemoryFilter, viewer: Viewer, now: number): number {
  const { sql, params } = matching(filter, viewer, now);
  const row = database.get(`SELECT count(*) AS n FROM ${tableToCount(filter)} WHERE ${sql}`, ...params);
  return row!['n'] as number;
}

function sum(rows: readonly Row[], column: string): number {
  return rows.reduce((total, row) => total + (row[column] as number), 0);
}

function totals(rows: readonly Row[], column: string): Record<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const key = row[column] as string;
    found.set(key, (found.get(key) ?? 0) + (row['total'] as number));
  }
  return Object.fromEntries(found);
}
