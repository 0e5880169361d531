import type { Metadata } from '../../../engine/model/memory.ts';
import type { Span } from '../../../engine/model/span.ts';
import {
  type ClaimedTask,
  type LeaseProof,
  type NewTask,
  TASK_STATES,
  type Task,
  type TaskKey,
  type TaskState,
  type TaskTransition,
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
import type { TaskEvent } from '../../../engine/tasks/taskMachine.ts';
import type { Argument } from '../recordScripts.ts';
import { fieldsOf } from '../records/fields.ts';
import type { RecordSpace } from '../records/recordSpace.ts';
import { encoded, refOf, spaceOf, spacesOf } from './refs.ts';
import { toFields, toTask, toTransition } from './taskFields.ts';
import { type Reply, refusalOf } from './taskRefusals.ts';
import { type TaskScript, taskScripts } from './taskScripts.ts';
import { WorkScripts } from './workScripts.ts';

/** Each transition is one script, after the rules of the engine. @see docs/redis-schema.md, "Tasks" */
export class RedisTaskStore implements TaskStore {
  readonly #space: RecordSpace;
  readonly #scripts: WorkScripts<TaskScript>;

  constructor(space: RecordSpace) {
    this.#space = space;
    this.#scripts = new WorkScripts(space, taskScripts());
  }

  async submit(task: NewTask, offer?: Offer): Promise<{ readonly task: Task; readonly created: boolean }> {
    const { submittedBy, owner, title, idempotencyKey, dependsOn } = task;
    const reply = (await this.#scripts.change(
      'submit',
      ...[refOf(task), submittedBy, owner, title, idempotencyKey ?? '', offer?.agent ?? '', offer?.ms ?? ''],
      ...listed(dependsOn),
      ...toFields(task),
    )) as Reply;
    if (reply[0] !== 'created' && reply[0] !== 'known') throw refusalOf(reply, task, 'submit');
    return { task: toTask(reply[1]), created: reply[0] === 'created' };
  }

  async claim(request: ClaimRequest): Promise<readonly ClaimedTask[]> {
    const { agent, capabilities, leaseIds, leaseMs, ids } = request;
    const spaces = spacesOf(request.namespaces);
    const claimed = (await this.#scripts.change(
      'claim',
      ...[agent, leaseMs ?? '', ids ? '1' : '0'],
      ...listed(leaseIds),
      ...listed(spaces),
      ...listed(capabilities.map(encoded)),
      ...listed(refsIn(spaces, ids ?? [])),
    )) as readonly (readonly [leaseId: string, flat: readonly string[]])[];
    return claimed.map(([leaseId, flat]) => ({ task: toTask(flat), leaseId }));
  }

  async claimable({ namespaces, agent, capabilities }: Claimant, limit: number): Promise<TaskPage> {
    const [total, found] = (await this.#scripts.change(
      'claimable',
      ...[agent, limit],
      ...listed(spacesOf(namespaces)),
      ...listed(capabilities.map(encoded)),
    )) as [number, readonly (readonly string[])[]];
    return { tasks: found.map(toTask), total };
  }

  async renew(renewal: Renewal): Promise<Task> {
    const { lease } = renewal;
    return this.#task('renew', lease, ...renewalArguments(renewal));
  }

  async renewAll(renewals: readonly Renewal[]): Promise<readonly (Task | Error)[]> {
    const calls = renewals.map(renewal => [...proofOf(renewal.lease), ...renewalArguments(renewal)]);
    const replies = (await this.#scripts.changes('renew', calls)) as readonly Reply[];
    return replies.map((reply, i) =>
      reply[0] === 'ok' ? toTask(reply[1]) : refusalOf(reply, renewals[i]!.lease, 'renew'),
    );
  }

  async ask(lease: LeaseProof, question: string): Promise<Task> {
    return this.#task('ask', lease, question);
  }

  async answer(key: TaskKey, answer: string, by: string): Promise<Task> {
    return this.#task('answer', key, answer, by);
  }

  async complete(lease: LeaseProof, result: Metadata, metrics: Metadata): Promise<Task> {
    return this.#task('complete', lease, JSON.stringify(result), JSON.stringify(metrics));
  }

  async fail(lease: LeaseProof, { reason, retryable, retryAfterMs, jitter }: Failure): Promise<Task> {
    return this.#task('fail', lease, reason, retryable ? '1' : '0', retryAfterMs ?? '', jitter);
  }

  async release(
    lease: LeaseProof,
    { note, offer }: { readonly note?: string; readonly offer?: Offer } = {},
  ): Promise<Task> {
    return this.#task('release', lease, ...optional(note), offer?.agent ?? '', offer?.ms ?? '');
  }

  async cancel(key: TaskKey, reason: string, by: string): Promise<Task> {
    return this.#task('cancel', key, reason, by);
  }

  async requeue(key: TaskKey, by: string): Promise<Task> {
    return this.#task('requeue', key, by);
  }

  async assign(key: TaskKey, offer: Offer | undefined, by: string): Promise<Task> {
    return this.#task('assign', key, offer?.agent ?? '', offer?.ms ?? '', by);
  }

  async releaseAll(namespace: string, agent: string, lost: boolean, offer?: Offer): Promise<number> {
    const next = [offer?.agent ?? '', offer?.ms ?? ''];
    return (await this.#scripts.change(
      'releaseAll',
      spaceOf(namespace),
      agent,
      lost ? '1' : '0',
      ...next,
    )) as number;
  }

  async tick(limit: number): Promise<Tick> {
    const [moved, next, now] = (await this.#scripts.change('tick', limit)) as [number, number | '', number];
    return { moved, nextAt: next === '' ? undefined : next, now };
  }

  async get(key: TaskKey): Promise<Task | undefined> {
    const fields = await this.#space.ask(client => client.hgetall(this.#space.key(`task:${refOf(key)}`)));
    const flat = Object.entries(fields).flat();
    return flat.length === 0 ? undefined : toTask(flat);
  }

  async list(
    { namespaces, states = TASK_STATES, agent = '', owner = '' }: TaskFilter,
    { limit, offset }: Span,
  ): Promise<TaskPage> {
    if (namespaces?.length === 0) return { tasks: [], total: 0 };
    const [total, found] = (await this.#scripts.ask(
      'list',
      ...[limit, offset, agent, owner],
      ...listed(spacesOf(namespaces)),
      ...listed([...new Set(states)]),
    )) as [number, readonly (readonly string[])[]];
    return { tasks: found.map(toTask), total };
  }

  async history(key: TaskKey): Promise<readonly TaskTransition[]> {
    const list = this.#space.key(`task-history:${refOf(key)}`);
    const lines = await this.#space.ask(client => client.lrange(list, 0, -1));
    return lines.flatMap(toTransition);
  }

  async counts(namespaces: readonly string[] | undefined): Promise<TaskCounts> {
    const [counts, totals] = (await this.#scripts.ask(
      'count',
      namespaces ? '0' : '1',
      ...listed(spacesOf(namespaces)),
      ...listed(TASK_STATES),
    )) as [readonly number[], readonly (readonly string[])[]];
    const all = totals.map(fieldsOf);
    const sum = (total: string) => all.reduce((n, fields) => n + Number(fields[total] ?? 0), 0);
    const byState = Object.fromEntries(TASK_STATES.map((state, i) => [state, counts[i]!]));
    return {
      byState: byState as TaskCounts['byState'],
      completed: byState['completed']! + sum('purged'),
      died: sum('died'),
      retried: sum('retried'),
      lost: sum('lost'),
    };
  }

  async trend(namespaces: readonly string[] | undefined, hours: number): Promise<TaskTrend> {
    const [completed, dead, cancelled] = (await this.#scripts.ask(
      'trend',
      ...[namespaces ? '0' : '1', hours],
      ...listed(spacesOf(namespaces)),
      ...listed(['completed', 'dead', 'cancelled'] satisfies TaskState[]),
    )) as [number[], number[], number[]];
    return { completed, dead, cancelled };
  }

  async loads(namespace: string): Promise<ReadonlyMap<string, TaskLoad>> {
    const places = ['held', 'offers'].map(place => this.#space.key(`tasks:${place}:${spaceOf(namespace)}`));
    const [held = [], offered = []] = (await this.#space.batch(places, (pipeline, place) =>
      pipeline.hvals(place),
    )) as string[][];
    const loads = new Map<string, { held: number; offered: number }>();
    const of = (agent: string) => {
      const load = loads.get(agent) ?? { held: 0, offered: 0 };
      loads.set(agent, load);
      return load;
    };
    for (const agent of held) of(agent).held++;
    for (const agent of offered) of(agent).offered++;
    return loads;
  }

  async purge({ namespaces, ids, states }: PurgeFilter, before: number, limit: number): Promise<number> {
    if (namespaces?.length === 0) return 0;
    const among = ids ? await this.#named(namespaces, ids) : spacesOf(namespaces);
    return (await this.#scripts.change(
      'purge',
      ...[before, limit, ids ? '1' : '0'],
      ...listed([...new Set(states)]),
      ...listed(among),
    )) as number;
  }

  async #named(namespaces: readonly string[] | undefined, ids: readonly string[]): Promise<string[]> {
    const spaces = namespaces
      ? spacesOf(namespaces)
      : await this.#space.ask(client => client.smembers(this.#space.key('tasks:namespaces')));
    return refsIn(spaces, ids);
  }

  /** A transition of one task. @param key with a lease, its proof comes first in the arguments */
  async #task(script: TaskScript & TaskEvent, key: TaskKey | LeaseProof, ...args: Argument[]): Promise<Task> {
    const first = 'leaseId' in key ? proofOf(key) : [refOf(key)];
    const reply = (await this.#scripts.change(script, ...first, ...args)) as Reply;
    if (reply[0] !== 'ok') throw refusalOf(reply, key, script);
    return toTask(reply[1]);
  }
}

function proofOf(lease: LeaseProof): Argument[] {
  return [refOf(lease), lease.fence, lease.leaseId];
}

function renewalArguments({ leaseMs, progress, note }: Renewal): Argument[] {
  return [leaseMs ?? '', progress ?? '', ...optional(note)];
}

/** A text that may be empty, or not there. */
function optional(text: string | undefined): [given: string, text: string] {
  return text === undefined ? ['0', ''] : ['1', text];
}

/** The tasks of these ids, by id. */
function refsIn(spaces: readonly string[], ids: readonly string[]): string[] {
  return [...new Set(ids)].flatMap(id => spaces.map(space => `${space}:${id}`));
}

function listed(items: readonly string[]): Argument[] {
  return [items.length, ...items];
}
