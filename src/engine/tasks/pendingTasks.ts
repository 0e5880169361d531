import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import type { TaskState } from '../model/task.ts';
import { canDo } from './chooseAgent.ts';
import type { ShownTask } from './showTasks.ts';
import type { Tasks } from './tasks.ts';

/** Tasks that are looked at at once. */
const PAGE = 1000;
/** Of those that wait so many are looked at at most, the newest, until so many are found that the agent can do. */
const LOOKED_AT = 5 * PAGE;
const ENOUGH = 100;
/** States in which nobody works on a task that has not ended. */
export const WAITING: readonly TaskState[] = ['ready', 'blocked', 'retry_wait', 'input_required'];

export interface PendingTask extends ShownTask {
  /** It would be leased to the agent if it claimed now. */
  readonly claimable: boolean;
}

interface Asked {
  readonly namespace?: string | undefined;
  readonly agent?: string | undefined;
  /** Only these, in this order. */
  readonly ids?: readonly string[] | undefined;
  /** 1..100 */
  readonly limit: number;
}

/**
 * What there is for an agent: what it holds, what it may claim now in the order in which it would get it, and what waits, newest first, each
 * with the reason. Rejects as `Agents.acting` does.
 * @returns the first of it, and how many were found
 */
export async function pendingTasks(
  { agents, tasks }: { readonly agents: Agents; readonly tasks: Tasks },
  { limit, ids, ...asked }: Asked,
  caller: Caller,
): Promise<{ readonly agent: Agent; readonly tasks: readonly PendingTask[]; readonly total: number }> {
  const namespace = writeNamespace(asked.namespace, caller);
  const agent = await agents.acting(asked.agent, namespace, caller);
  if (ids) {
    const found = (await Promise.all(ids.map(id => named(tasks, { id, namespace }, caller))))
      .flat()
      .filter(shown => concerns(shown, agent))
      .map(shown => ({ ...shown, claimable: isFree(shown, agent) }));
    return { agent, tasks: found.slice(0, limit), total: found.length };
  }
  const page = { limit, offset: 0 };
  const held = await tasks.list({ namespaces: [namespace], agent: agent.id, states: ['leased'] }, page);
  const free = await tasks.claimable(agent, limit);
  const waiting = await waitingFor(agent, tasks);
  const found = [
    ...held.tasks.map(shown => ({ ...shown, claimable: false })),
    ...free.tasks.map(shown => ({ ...shown, claimable: true })),
    // What is not told of the free ones comes before these.
    ...(free.tasks.length < free.total ? [] : waiting.map(shown => ({ ...shown, claimable: false }))),
  ];
  return { agent, tasks: found.slice(0, limit), total: held.total + free.total + waiting.length };
}

/** What it could do, were it not for something else. */
async function waitingFor(agent: Agent, tasks: Tasks): Promise<readonly ShownTask[]> {
  const found: ShownTask[] = [];
  for (let offset = 0; offset < LOOKED_AT && found.length < ENOUGH; offset += PAGE) {
    const page = { limit: PAGE, offset };
    const listed = await tasks.list({ namespaces: [agent.namespace], states: WAITING }, page);
    found.push(...listed.tasks.filter(shown => concerns(shown, agent) && !isFree(shown, agent)));
    if (offset + PAGE >= listed.total) break;
  }
  return found;
}

async function named(
  tasks: Tasks,
  key: { readonly id: string; readonly namespace: string },
  caller: Caller,
): Promise<readonly ShownTask[]> {
  try {
    return [await tasks.get(key, caller)];
  } catch (error) {
    if (MemoryError.is(error, 'not_found')) return [];
    throw error;
  }
}

/** It holds it, or could do it. */
function concerns({ task }: ShownTask, agent: Agent): boolean {
  return task.state === 'leased'
    ? task.holder === agent.id
    : WAITING.includes(task.state) && canDo(agent, task.capabilities);
}

/** One that is offered to another agent says so in its waiting reason; that offer may be over by the time it is claimed. */
function isFree({ task }: ShownTask, agent: Agent): boolean {
  return task.state === 'ready' && (task.offeredTo === null || task.offeredTo === agent.id);
}
