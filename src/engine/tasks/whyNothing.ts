import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';
import { writeNamespace } from '../model/namespace.ts';
import { isoTime } from '../model/time.ts';
import { canDo } from './chooseAgent.ts';
import { WAITING } from './pendingTasks.ts';
import type { ShownTask } from './showTasks.ts';
import { ENDED } from './taskMachine.ts';
import type { Tasks } from './tasks.ts';

/** Reasons that are told where no tasks were named: the newest tasks that wait. */
const TOLD = 3;

interface Asked {
  readonly namespace?: string | undefined;
  readonly agent?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** One reason, and the task it speaks of. */
export interface Reason {
  readonly task_id: string;
  readonly reason: string;
}

/**
 * Why a claim got nothing: a reason for each task that was named, else for the newest that wait; empty where none waits.
 * Rejects as `Agents.acting` does.
 */
export async function whyNothing(
  { agents, tasks }: { readonly agents: Agents; readonly tasks: Tasks },
  asked: Asked,
  caller: Caller,
): Promise<readonly Reason[]> {
  const namespace = writeNamespace(asked.namespace, caller);
  const agent = await agents.acting(asked.agent, namespace, caller);
  if (asked.ids)
    return Promise.all(
      asked.ids.map(async id => ({ task_id: id, reason: await named(id, agent, tasks, caller) })),
    );
  const page = { limit: TOLD, offset: 0 };
  const listed = await tasks.list({ namespaces: [namespace], states: WAITING }, page);
  return listed.tasks.map(shown => ({ task_id: shown.task.id, reason: reasonOf(shown, agent) }));
}

async function named(id: string, agent: Agent, tasks: Tasks, caller: Caller): Promise<string> {
  try {
    return reasonOf(await tasks.get({ id, namespace: agent.namespace }, caller), agent);
  } catch (error) {
    if (MemoryError.is(error, 'not_found')) return `there is no such task in ${agent.namespace}`;
    throw error;
  }
}

function reasonOf({ task, waiting }: ShownTask, agent: Agent): string {
  if (ENDED.includes(task.state)) return `is ${task.state}`;
  if (task.state === 'leased') {
    const until = `until ${isoTime(task.leaseUntil ?? 0).slice(0, 19)}Z`;
    return task.holder === agent.id ? `you hold it, ${until}` : `${task.holder} works on it, ${until}`;
  }
  if (!canDo(agent, task.capabilities)) {
    const missing = task.capabilities.filter(one => !agent.capabilities.includes(one));
    return `needs ${missing.join(', ')}; if you can do that, say so with register_agent`;
  }
  const isOffered = task.offeredTo !== null && task.offeredTo !== agent.id;
  // It became free after the claim.
  if (task.state === 'ready' && !isOffered) return 'is free now: claim again';
  return waiting ?? `is ${task.state}`;
}
