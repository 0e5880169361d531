import type { NewTask } from '../../../engine/model/task.ts';
import type { Offer } from '../../../engine/ports/taskStore.ts';
import { dependsOnCancelled, idTaken, notFound } from '../../../engine/tasks/checkTask.ts';
import { newRecord } from '../../../engine/tasks/taskRecord.ts';
import type { Database } from '../database.ts';
import { type TaskRow, toRecord } from './taskRow.ts';
import type { TaskTable } from './taskTable.ts';

/** What `TaskStore.submit` says, within a transaction. */
export function submitTask(
  database: Database,
  table: TaskTable,
  task: NewTask,
  offer: Offer | undefined,
  now: number,
): { readonly row: TaskRow; readonly created: boolean } {
  const { namespace, idempotencyKey } = task;
  if (idempotencyKey !== null) {
    const row = database.get(
      'SELECT * FROM tasks WHERE namespace = ? AND idempotency_key = ?',
      namespace,
      idempotencyKey,
    );
    if (row) return { row: toRecord(row), created: false };
  }
  const sameId = table.find(task);
  if (sameId && isSame(sameId, task)) return { row: sameId, created: false };
  if (sameId) throw idTaken(task);
  const dependencies = [...new Set(task.dependsOn)].map(id => {
    const dependency = table.find({ namespace, id });
    if (!dependency) throw notFound({ namespace, id });
    if (dependency.state === 'cancelled') throw dependsOnCancelled(dependency);
    return dependency;
  });
  const completed = new Set(dependencies.filter(({ state }) => state === 'completed').map(({ id }) => id));
  const record = newRecord(task, offer, dependencies.length - completed.size, now);
  return { row: table.insert(record, completed), created: true };
}

function isSame(one: NewTask, other: NewTask): boolean {
  const said = ({ owner, title, payload }: NewTask) => JSON.stringify([owner, title, payload]);
  return said(one) === said(other);
}
