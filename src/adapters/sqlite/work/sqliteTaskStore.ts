import { MemoryError } from '../../../engine/errors.ts';
import type { Metadata } from '../../../engine/model/memory.ts';
import type { Span } from '../../../engine/model/span.ts';
import type {
  ClaimedTask,
  LeaseProof,
  NewTask,
  Task,
  TaskKey,
  TaskTransition,
} from '../../../engine/model/task.ts';
import type {
  Claimant,
  ClaimRequest,
  Failure,
  Offer,
  PurgeFilter,
  Renewal,
  TaskCounts,
  TaskFilter,
  TaskLoad,
  TaskPage,
  TaskStore,
  TaskTrend,
  Tick,
} from '../../../engine/ports/taskStore.ts';
import { checkAllowed, checkLease, isRepeated } from '../../../engine/tasks/checkTask.ts';
import { movesAt } from '../../../engine/tasks/taskRecord.ts';
import {
  answer,
  ask,
  assign,
  cancel,
  complete,
  fail,
  release,
  renew,
  requeue,
  type Step,
  saysMore,
} from '../../../engine/tasks/transitions.ts';
import type { Database } from '../database.ts';
import { checkRequeue } from './checkRequeue.ts';
import { releaseAgent } from './releaseAgent.ts';
import { submitTask } from './submitTask.ts';
import { countTasks, listTasks, loadsOf, purgeTasks, taskTrend } from './taskQueries.ts';
import { TaskQueue } from './taskQueue.ts';
import { type TaskRow, toTask, toTransition } from './taskRow.ts';
import { TaskTable } from './taskTable.ts';

/** Each transition is decided by the engine, on a task that was read under the write lock. */
export class SqliteTaskStore implements TaskStore {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #table: TaskTable;
  readonly #queue: TaskQueue;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
    this.#table = new TaskTable(database);
    this.#queue = new TaskQueue(database, this.#table, now);
  }

  async submit(task: NewTask, offer?: Offer): Promise<{ readonly task: Task; readonly created: boolean }> {
    const { row, created } = await this.#database.write(() =>
      submitTask(this.#database, this.#table, task, offer, this.#now()),
    );
    return { task: toTask(row), created };
  }

  async claim(request: ClaimRequest): Promise<readonly ClaimedTask[]> {
    // Most askers find nothing: they do not disturb the disk.
    if (!(await this.#database.read(() => this.#queue.hasWork(request)))) return [];
    const rows = await this.#database.write(() => this.#queue.claim(request));
    return rows.map(row => ({ task: toTask(row), leaseId: row.leaseId! }));
  }

  async claimable(claimant: Claimant, limit: number): Promise<TaskPage> {
    if (await this.#database.look(() => this.#queue.isDue(claimant.namespaces)))
      await this.#database.write(() => this.#queue.moveDue(claimant.namespaces));
    const { tasks, total } = await this.#database.read(() => this.#queue.claimable(claimant, limit));
    return { tasks: tasks.map(toTask), total };
  }

  async renew(renewal: Renewal): Promise<Task> {
    const [outcome] = await this.renewAll([renewal]);
    if (outcome instanceof Error) throw outcome;
    return outcome!;
  }

  async renewAll(renewals: readonly Renewal[]): Promise<readonly (Task | Error)[]> {
    const one = (renewal: Renewal) => {
      try {
        return toTask(this.#renew(renewal));
      } catch (error) {
        if (MemoryError.is(error)) return error;
        throw error;
      }
    };
    // A lease that a crash of the system makes shorter is lost at worst: that is no reason to wait for the disk.
    const durable = renewals.some(({ progress, note }) => progress !== undefined || note !== undefined);
    return this.#database.write(() => renewals.map(one), durable);
  }

  async ask(lease: LeaseProof, question: string): Promise<Task> {
    return this.#holder(lease, task => ask(task, question));
  }

  async answer(key: TaskKey, text: string, by: string): Promise<Task> {
    return this.#anyone(key, (task, now) => {
      checkAllowed('answer', task);
      return answer(task, text, by, now);
    });
  }

  async complete(lease: LeaseProof, result: Metadata, metrics: Metadata): Promise<Task> {
    return this.#holder(lease, (task, now) => complete(task, result, metrics, now), 'complete');
  }

  async fail(lease: LeaseProof, failure: Failure): Promise<Task> {
    return this.#holder(lease, (task, now) => fail(task, failure, now), 'fail');
  }

  async release(
    lease: LeaseProof,
    options: { readonly note?: string; readonly offer?: Offer } = {},
  ): Promise<Task> {
    return this.#holder(lease, (task, now) => release(task, options, now));
  }

  async cancel(key: TaskKey, reason: string, by: string): Promise<Task> {
    return this.#anyone(key, (task, now) =>
      task.state === 'cancelled' ? undefined : cancel(task, reason, by, now),
    );
  }

  async requeue(key: TaskKey, by: string): Promise<Task> {
    return this.#anyone(key, (task, now) => {
      checkAllowed('requeue', task);
      checkRequeue(this.#database, task);
      return requeue(task, by, now);
    });
  }

  async assign(key: TaskKey, offer: Offer | undefined, by: string): Promise<Task> {
    return this.#anyone(key, (task, now) => {
      checkAllowed('assign', task);
      return assign(task, offer, by, now);
    });
  }

  async releaseAll(namespace: string, agent: string, lost: boolean, offer?: Offer): Promise<number> {
    return this.#database.write(() =>
      releaseAgent(this.#database, this.#table, { namespace, agent, lost, offer }, this.#now()),
    );
  }

  async tick(limit: number): Promise<Tick> {
    const nextAt = await this.#database.look(() => this.#queue.nextAt());
    const now = this.#now();
    if (nextAt === undefined || nextAt > now) return { moved: 0, nextAt, now };
    return this.#database.write(() => this.#queue.tick(limit));
  }

  async get(key: TaskKey): Promise<Task | undefined> {
    const row = await this.#database.look(() => this.#table.find(key));
    return row && toTask(row);
  }

  async list(filter: TaskFilter, span: Span): Promise<TaskPage> {
    const { tasks, total } = await this.#database.read(() => listTasks(this.#database, filter, span));
    return { tasks: tasks.map(toTask), total };
  }

  async history({ namespace, id }: TaskKey): Promise<readonly TaskTransition[]> {
    const rows = await this.#database.look(() =>
      this.#database.all(
        `SELECT * FROM task_history WHERE num = (SELECT num FROM tasks WHERE namespace = ? AND id = ?) ORDER BY version`,
        ...[namespace, id],
      ),
    );
    return rows.map(toTransition);
  }

  async counts(namespaces: readonly string[] | undefined): Promise<TaskCounts> {
    return this.#database.read(() => countTasks(this.#database, namespaces));
  }

  async trend(namespaces: readonly string[] | undefined, hours: number): Promise<TaskTrend> {
    return this.#database.look(() => taskTrend(this.#database, namespaces, hours, this.#now()));
  }

  async loads(namespace: string): Promise<ReadonlyMap<string, TaskLoad>> {
    return this.#database.look(() => loadsOf(this.#database, namespace));
  }

  async purge(filter: PurgeFilter, before: number, limit: number): Promise<number> {
    return this.#database.write(() => purgeTasks(this.#database, filter, before, limit));
  }

  #renew(renewal: Renewal): TaskRow {
    const now = this.#now();
    const task = this.#table.get(renewal.lease);
    checkLease(task, renewal.lease, now);
    const step = renew(task, renewal, now);
    if (saysMore(task, renewal)) return this.#table.take(task, step, now);
    const longer = { ...task, ...step.fields };
    const { leaseUntil } = longer;
    this.#table.set(task, { leaseUntil, movesAt: movesAt(longer) });
    return longer;
  }

  /** @param repeatable done again with the same lease it changes nothing, and is answered as before */
  #holder(
    lease: LeaseProof,
    decide: (task: TaskRow, now: number) => Step,
    repeatable?: 'complete' | 'fail',
  ): Promise<Task> {
    return this.#anyone(lease, (task, now) => {
      if (repeatable && isRepeated(repeatable, task, lease)) return undefined;
      checkLease(task, lease, now);
      return decide(task, now);
    });
  }

  /** @param decide undefined: nothing is to be changed */
  async #anyone(key: TaskKey, decide: (task: TaskRow, now: number) => Step | undefined): Promise<Task> {
    return this.#database.write(() => {
      const now = this.#now();
      const task = this.#table.get(key);
      const step = decide(task, now);
      return toTask(step ? this.#table.take(task, step, now) : task);
    });
  }
}
