import type { NewTask, TaskKey } from '../../../engine/model/task.ts';
import { HISTORY_KEPT } from '../../../engine/ports/taskStore.ts';
import { type Advance, advance, submitted } from '../../../engine/tasks/advance.ts';
import { notFound } from '../../../engine/tasks/checkTask.ts';
import { dependencyCancelled } from '../../../engine/tasks/reasons.ts';
import type { TaskRecord } from '../../../engine/tasks/taskRecord.ts';
import { cancel, type Step, unblock } from '../../../engine/tasks/transitions.ts';
import type { Database } from '../database.ts';
import { insertEvent } from '../records/insertEvent.ts';
import { type TaskRow, toColumns, toRecord } from './taskRow.ts';

/** Writes tasks with their history, and tells of it. Every method is part of a transaction of its caller. */
export class TaskTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find({ namespace, id }: TaskKey): TaskRow | undefined {
    const row = this.#database.get('SELECT * FROM tasks WHERE namespace = ? AND id = ?', namespace, id);
    return row && toRecord(row);
  }

  /** Throws `not_found`. */
  get(key: TaskKey): TaskRow {
    const task = this.find(key);
    if (!task) throw notFound(key);
    return task;
  }

  /** @param completed which of its dependencies are */
  insert(record: TaskRecord, completed: ReadonlySet<string>): TaskRow {
    const { names, values } = toColumns(record);
    const { lastInsertRowid: num } = this.#database.run(
      `INSERT INTO tasks (signature, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})`,
      this.#signatureOf(record),
      ...values,
    );
    const { namespace } = record;
    for (const id of new Set(record.dependsOn))
      this.#database.run(
        'INSERT INTO task_dependencies VALUES (?, ?, ?, ?)',
        namespace,
        id,
        num,
        completed.has(id),
      );
    const task = { ...record, num };
    this.#write(task, submitted(record));
    return task;
  }

  /** Takes a step, and those of other tasks that follow from it. Throws `conflict` where the state machine has none such. */
  take(before: TaskRow, step: Step, now: number): TaskRow {
    const task = this.#take(before, step, now);
    if (step.event === 'complete') this.#unblockAfter(task, now);
    if (step.event === 'cancel') this.#cancelAfter(task, step.by, now);
    return task;
  }

  /** Without history. */
  set({ num }: TaskRow, fields: Partial<TaskRecord>): void {
    const { names, values } = toColumns(fields);
    this.#database.run(
      `UPDATE tasks SET ${names.map(name => `${name} = ?`).join(', ')} WHERE num = ?`,
      ...values,
      num,
    );
  }

  #take(before: TaskRow, step: Step, now: number): TaskRow {
    const advanced = advance(before, step, now);
    this.set(before, advanced.fields);
    this.#write(advanced.task, advanced);
    return advanced.task;
  }

  #write(
    { num, version, namespace }: TaskRow,
    { transition, event }: Pick<Advance<TaskRow>, 'transition' | 'event'>,
  ): void {
    const { at, event: done, from, to, by, fence, note } = transition;
    this.#database.run(
      'INSERT INTO task_history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ...[num, version, at, done, from, to, by, fence, note],
    );
    this.#database.run(
      'DELETE FROM task_history WHERE num = ? AND version <= ?',
      num,
      version - HISTORY_KEPT,
    );
    const added = [to === 'completed', to === 'dead', to === 'retry_wait', done === 'lose'];
    if (added.includes(true)) {
      this.#database.run(
        `INSERT INTO task_totals VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (namespace) DO UPDATE SET
           completed = completed + ?2, died = died + ?3, retried = retried + ?4, lost = lost + ?5`,
        namespace,
        ...added,
      );
    }
    insertEvent(this.#database, at, event);
  }

  #unblockAfter({ namespace, id }: TaskRow, now: number): void {
    for (const dependent of this.#dependents(namespace, id)) {
      this.#database.run(
        'UPDATE task_dependencies SET completed = 1 WHERE namespace = ? AND depends_on = ? AND num = ?',
        ...[namespace, id, dependent.num],
      );
      const openDependencies = dependent.openDependencies - 1;
      if (openDependencies === 0 && dependent.state === 'blocked')
        this.#take(dependent, unblock(dependent, now), now);
      else this.set(dependent, { openDependencies });
    }
  }

  /** In a loop, since a chain of tasks may be long. */
  #cancelAfter({ namespace, id }: TaskRow, by: string, now: number): void {
    const cancelled = [id];
    for (const reason of cancelled) {
      for (const dependent of this.#dependents(namespace, reason)) {
        if (dependent.state !== 'blocked') continue;
        this.#take(dependent, cancel(dependent, dependencyCancelled(reason), by, now), now);
        cancelled.push(dependent.id);
      }
    }
  }

  /** Those that may still run. */
  #dependents(namespace: string, id: string): readonly TaskRow[] {
    const rows = this.#database.all(
      `SELECT t.* FROM task_dependencies AS d JOIN tasks AS t USING (num)
       WHERE d.namespace = ? AND d.depends_on = ? AND d.completed = 0
       AND t.state <> 'cancelled' ORDER BY t.id`,
      ...[namespace, id],
    );
    return rows.map(toRecord);
  }

  #signatureOf({ namespace, capabilities }: NewTask): number {
    const text = JSON.stringify(capabilities);
    const find = () =>
      this.#database.get(
        'SELECT signature FROM task_signatures WHERE namespace = ? AND capabilities = ?',
        ...[namespace, text],
      )?.['signature'] as number | undefined;
    return (
      find() ??
      this.#database.run(
        'INSERT INTO task_signatures (namespace, capabilities) VALUES (?, ?)',
        ...[namespace, text],
      ).lastInsertRowid
    );
  }
}
