import { neverReady } from '../../../engine/tasks/checkTask.ts';
import type { Database } from '../database.ts';
import type { TaskRow } from './taskRow.ts';

/** Throws `conflict` where a task would wait for ever: what it depends on was cancelled, or is gone. */
export function checkRequeue(database: Database, { num, id }: TaskRow): void {
  const never = database.get(
    `SELECT d.depends_on FROM task_dependencies AS d
     LEFT JOIN tasks AS t ON t.namespace = d.namespace AND t.id = d.depends_on
     WHERE d.num = ? AND d.completed = 0 AND (t.state IS NULL OR t.state = 'cancelled') LIMIT 1`,
    num,
  );
  if (never) throw neverReady(id, never['depends_on'] as string);
}
