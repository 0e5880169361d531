import type { Span } from '../../../engine/model/span.ts';
import { TASK_STATES, type TaskState } from '../../../engine/model/task.ts';
import type {
  PurgeFilter,
  TaskCounts,
  TaskFilter,
  TaskLoad,
  TaskTrend,
} from '../../../engine/ports/taskStore.ts';
import { ENDED } from '../../../engine/tasks/taskMachine.ts';
import { ConditionList } from '../conditionList.ts';
import type { Database } from '../database.ts';
import { type TaskRow, toRecord } from './taskRow.ts';

const HOUR_MS = 3_600_000;

/** In one look at the store. */
export function listTasks(
  database: Database,
  filter: TaskFilter,
  { limit, offset }: Span,
): { readonly tasks: readonly TaskRow[]; readonly total: number } {
  const { sql, params } = matching(filter);
  const rows = database.all(
    `SELECT * FROM tasks WHERE ${sql} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?`,
    ...[...params, limit, offset],
  );
  const total = database.get(`SELECT count(*) AS n FROM tasks WHERE ${sql}`, ...params)!['n'] as number;
  return { tasks: rows.map(toRecord), total };
}

export function countTasks(database: Database, namespaces: readonly string[] | undefined): TaskCounts {
  const { sql, params } = matching(namespaces ? { namespaces } : {});
  const rows = database.all(`SELECT state, count(*) AS n FROM tasks WHERE ${sql} GROUP BY state`, ...params);
  const found = new Map(rows.map(row => [row['state'] as TaskState, row['n'] as number]));
  const byState = Object.fromEntries(TASK_STATES.map(state => [state, found.get(state) ?? 0]));
  const totals = database.get(
    `SELECT total(completed) AS completed, total(died) AS died, total(retried) AS retried, total(lost) AS lost
     FROM task_totals WHERE ${sql}`,
    ...params,
  );
  return { byState, ...totals } as unknown as TaskCounts;
}

/** @param now by the store's clock, ms */
export function taskTrend(
  database: Database,
  namespaces: readonly string[] | undefined,
  hours: number,
  now: number,
): TaskTrend {
  const { sql, params } = matching(namespaces ? { namespaces } : {});
  // The planner would rather look at every task of the namespaces.
  const rows = database.all(
    // One driver binds a number as a real one.
    `SELECT state, max(0, (CAST(? AS INTEGER) - finished_at) / ${HOUR_MS}) AS ago, count(*) AS n
     FROM tasks INDEXED BY tasks_ended
     WHERE finished_at > ? AND ${sql} GROUP BY state, ago`,
    ...[now, now - hours * HOUR_MS, ...params],
  );
  const found = new Map(rows.map(row => [`${row['state']} ${row['ago']}`, row['n'] as number]));
  const of = (state: TaskState) =>
    Array.from({ length: hours }, (_, i) => found.get(`${state} ${hours - 1 - i}`) ?? 0);
  return { completed: of('completed'), dead: of('dead'), cancelled: of('cancelled') };
}

export function loadsOf(database: Database, namespace: string): ReadonlyMap<string, TaskLoad> {
  const rows = database.all(
    `SELECT agent, sum(held) AS held, sum(1 - held) AS offered FROM (
       SELECT holder AS agent, 1 AS held FROM tasks INDEXED BY tasks_held WHERE namespace = ?1 AND holder IS NOT NULL
       UNION ALL SELECT offered_to, 0 FROM tasks INDEXED BY tasks_offered WHERE namespace = ?1 AND offered_to IS NOT NULL) GROUP BY agent`,
    namespace,
  );
  return new Map(
    rows.map(({ agent, held, offered }) => [
      agent as string,
      { held: held as number, offered: offered as number },
    ]),
  );
}

/** Within a transaction. @returns how many */
export function purgeTasks(
  database: Database,
  { namespaces, ids, states }: PurgeFilter,
  before: number,
  limit: number,
): number {
  const wanted = states.filter(state => ENDED.includes(state));
  const { sql, params } = matching({ states: wanted, ...(namespaces && { namespaces }) }).oneOf('id', ids);
  const { changes } = database.run(
    `DELETE FROM tasks WHERE num IN (
       SELECT num FROM tasks AS t WHERE finished_at <= ? AND ${sql}
       AND NOT EXISTS (SELECT 1 FROM task_dependencies AS d JOIN tasks AS b USING (num)
         WHERE d.namespace = t.namespace AND d.depends_on = t.id AND b.state = 'blocked')
       ORDER BY finished_at, id LIMIT ?)`,
    ...[before, ...params, limit],
  );
  if (changes > 0)
    database.run('DELETE FROM task_signatures WHERE signature NOT IN (SELECT signature FROM tasks)');
  return changes;
}

function matching({ namespaces, states, agent, owner }: TaskFilter): ConditionList {
  const wanted = new ConditionList().oneOf('namespace', namespaces).oneOf('state', states).is('owner', owner);
  if (agent === undefined) return wanted;
  // Two indexes, which an OR would hide from the planner.
  return wanted.add(
    'num IN (SELECT num FROM tasks WHERE holder = ? UNION SELECT num FROM tasks WHERE offered_to = ?)',
    ...[agent, agent],
  );
}
