import type { MemoryCounts, MemoryFilter, Viewer } from '../../engine/ports/memoryStore.ts';
import { matching } from './conditions.ts';
import type { Database } from './database.ts';

/** One pass over what matches, grouped as far as SQL can, summed up here. */
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
       sum(length(CAST(content AS BLOB))) AS bytes
     FROM memories WHERE ${sql} GROUP BY type, priority, agent, namespace`,
    ...params,
  );
  const expired = matching({ ...filter, expiredAt: now }, viewer, now);
  const counts = { byType: {}, byPriority: {}, byAgent: {}, byNamespace: {} } as Record<
    string,
    Record<string, number>
  >;
  let [total, pinned, contentBytes] = [0, 0, 0];
  for (const row of rows) {
    const count = row['total'] as number;
    total += count;
    pinned += row['pinned'] as number;
    contentBytes += row['bytes'] as number;
    for (const [group, key] of [
      ['byType', row['type']],
      ['byPriority', row['priority']],
      ['byAgent', row['agent']],
      ['byNamespace', row['namespace']],
    ] as const) {
      counts[group]![key as string] = (counts[group]![key as string] ?? 0) + count;
    }
  }
  return {
    total,
    byType: counts['byType']!,
    byPriority: counts['byPriority']!,
    byAgent: counts['byAgent']!,
    byNamespace: counts['byNamespace']!,
    pinned,
    expired: database.get(`SELECT count(*) AS n FROM memories WHERE ${expired.sql}`, ...expired.params)![
      'n'
    ] as number,
    contentBytes,
  };
}
