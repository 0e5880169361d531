import type { MemoryFilter, MemoryTrend, TrendDays, Viewer } from '../../engine/ports/memoryStore.ts';
import { matching, tableToCount } from './conditions.ts';
import { countMatching } from './countMemories.ts';
import type { Database } from './database.ts';

const DAY_MS = 86_400_000;

/** See `MemoryStore.trend`; inside a read transaction. */
export function memoryTrend(
  database: Database,
  filter: MemoryFilter,
  days: TrendDays,
  viewer: Viewer,
  now: number,
): MemoryTrend {
  const today = Math.floor(now / DAY_MS);
  const first = today - days.stored + 1;
  const recent = { ...filter, since: Math.max(first * DAY_MS, filter.since ?? 0) };
  const { sql, params } = matching(recent, viewer, now);
  const rows = database.all(
    `SELECT created_at / ${DAY_MS} AS day, count(*) AS n FROM ${tableToCount(recent)} WHERE ${sql} GROUP BY day`,
    ...params,
  );
  const stored = new Map(rows.map(row => [row['day'] as number, row['n'] as number]));
  const due = (at: number) => countMatching(database, { ...filter, expiredAt: at }, viewer, now);
  return {
    storedByDay: Array.from({ length: days.stored }, (_, i) => stored.get(first + i) ?? 0),
    expiring: due(now + days.expiring * DAY_MS) - due(now),
  };
}
