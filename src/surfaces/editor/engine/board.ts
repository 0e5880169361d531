import { statusOf } from '../../../engine/agents/statusOf.ts';
import type { Engine } from '../../../engine/engine.ts';
import type { Agent } from '../../../engine/model/agent.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import { TASK_STATES, type Task, type TaskState } from '../../../engine/model/task.ts';
import type { TaskLoad } from '../../../engine/ports/taskStore.ts';
import type { ShownTask } from '../../../engine/tasks/showTasks.ts';
import { ENDED } from '../../../engine/tasks/taskMachine.ts';

/** So many tasks that are still to be done are shown, and of each other kind; the rest is counted. */
const OPEN = 300;
const DEAD = 100;
const DONE = 25;

/** What a row says of a task: neither its payload nor its result, which may be long. */
export interface BoardTask
  extends Pick<
    Task,
    | 'id'
    | 'namespace'
    | 'title'
    | 'state'
    | 'priority'
    | 'progress'
    | 'note'
    | 'question'
    | 'reason'
    | 'holder'
    | 'leaseUntil'
    | 'offeredTo'
    | 'capabilities'
    | 'updatedAt'
  > {
  /** Why nobody works on it. */
  readonly waiting?: string;
  /** Titles of what has to be completed before. */
  readonly waitsFor?: readonly string[];
}

export interface BoardAgent
  extends Pick<
    Agent,
    | 'id'
    | 'namespace'
    | 'name'
    | 'type'
    | 'machine'
    | 'capabilities'
    | 'status'
    | 'load'
    | 'currentTask'
    | 'presence'
  > {
  /** When it was last heard of, ms since the epoch; of one that is here that changes all the while. */
  readonly seenAt?: number;
  /** How many tasks it holds or is offered. */
  readonly tasks: number;
}

/** Who works in a namespace, and what is to be done there. */
export interface Board {
  readonly namespace: string;
  /** The agent that this window is. */
  readonly self: string;
  /** Who is here first, by name then. */
  readonly agents: readonly BoardAgent[];
  /** Newest first within each state. */
  readonly tasks: readonly BoardTask[];
  /** All there are, also those that are not among the tasks. */
  readonly counts: Readonly<Record<TaskState, number>>;
}

export async function boardOf(
  { agents, tasks }: Pick<Engine, 'agents' | 'tasks'>,
  caller: Caller,
): Promise<Board> {
  const { namespace } = caller;
  const namespaces = [namespace];
  const open = TASK_STATES.filter(state => !ENDED.includes(state));
  const of = async (states: readonly TaskState[], limit: number) =>
    (await tasks.list({ namespaces, states }, { limit, offset: 0 })).tasks;
  const [all, { byState }, ...shown] = await Promise.all([
    agents.list(namespaces),
    tasks.counts(namespaces),
    of(open, OPEN),
    of(['dead'], DEAD),
    of(['completed'], DONE),
    of(['cancelled'], DONE),
  ]);
  const loads = await tasks.loadsOf(all);
  return {
    namespace,
    self: agents.idOf(caller),
    agents: all.toSorted(byPresence).map(one => agentRow(one, loads[all.indexOf(one)]!)),
    tasks: shown.flat().map(row),
    counts: byState,
  };
}

function row({ task, waiting, waitsFor }: ShownTask): BoardTask {
  const { id, namespace, title, state, priority, progress, note, question, reason } = task;
  const { holder, leaseUntil, offeredTo, capabilities, updatedAt } = task;
  return {
    ...{ id, namespace, title, state, priority, progress, note, question, reason },
    ...{ holder, leaseUntil, offeredTo, capabilities, updatedAt },
    ...(waiting !== undefined && { waiting }),
    ...(waitsFor && { waitsFor: waitsFor.map(({ title }) => title) }),
  };
}

function agentRow(agent: Agent, { held, offered }: TaskLoad): BoardAgent {
  const { id, namespace, name, type, machine, capabilities, load, currentTask, presence } = agent;
  return {
    ...{ id, namespace, name, type, machine, capabilities, load, currentTask, presence },
    ...{ status: statusOf(agent, held), tasks: held + offered },
    ...(presence !== 'online' && { seenAt: agent.heartbeatAt }),
  };
}

const PRESENCE: readonly Agent['presence'][] = ['online', 'stale', 'offline'];

function byPresence(a: Agent, b: Agent): number {
  const here = PRESENCE.indexOf(a.presence) - PRESENCE.indexOf(b.presence);
  return here || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1);
}
