import { type Left, leave } from '../../../engine/jobs/jobRules.ts';
import type { Database } from '../database.ts';

/**
 * Within a transaction: the job is as if it had not been begun, but for its time.
 *
 * @param now ms since the epoch
 * @returns undefined: it is not the caller's any more
 */
export function leaveJob(
  database: Database,
  { id, fence, name }: { readonly id: string; readonly fence: number; readonly name: string },
  now: number,
  unknownMs: number,
): Left | undefined {
  const row = database.get(
    "SELECT * FROM jobs WHERE id = ? AND fence = ? AND state = 'active'",
    ...[id, fence],
  );
  if (!row) return undefined;
  const since = (row['unknown_since'] as number | null) ?? now;
  const left = leave(name, since, now, unknownMs);
  const dead = left.dueAt === null;
  database.run(
    `UPDATE jobs SET state = ?2, starts = starts - 1, unknown_since = ?3, problem = ?4, due_at = ?5, finished_at = ?6,
       started_at = CASE WHEN starts > 1 THEN started_at END, lease_until = NULL
     WHERE id = ?1`,
    ...[id, dead ? 'dead' : 'waiting', since, left.problem, left.dueAt ?? now, dead ? now : null],
  );
  // What a schedule added is done once, however often it was due meanwhile.
  database.run(
    "DELETE FROM jobs WHERE schedule = ? AND state = 'waiting' AND unknown_since IS NOT NULL AND num < ?",
    ...[row['schedule']!, row['num']!],
  );
  return left;
}
