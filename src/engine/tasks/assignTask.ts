import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Task, TaskKey } from '../model/task.ts';
import type { Work } from '../ports/work.ts';
import { notFound } from './checkTask.ts';

/** How long it is kept for the agent that somebody chose, milliseconds: a person may first have to tell that agent to look. */
const ASSIGNED_MS = 600_000;

/**
 * Offers a waiting task to an agent before all others, or to whoever comes first; a pause before a retry is over with that. Rejects with
 * `not_found` for an agent that is not there, with `conflict` for one that cannot do it, and as `TaskStore.assign` does.
 * @param to agent; undefined: whoever comes first
 * @param by principal, for the history
 */
export async function assignTask(
  { agents, work }: { readonly agents: Agents; readonly work: Work },
  key: TaskKey,
  to: string | undefined,
  by: string,
): Promise<Task> {
  if (to === undefined) return work.tasks.assign(key, undefined, by);
  const [task, agent] = await Promise.all([
    work.tasks.get(key),
    agents.get({ namespace: key.namespace, id: to }),
  ]);
  if (!task) throw notFound(key);
  checkAssignee(task, agent);
  return work.tasks.assign(key, { agent: to, ms: ASSIGNED_MS }, by);
}

/** Throws `conflict` for an agent that is gone or could not claim it. */
function checkAssignee({ id, capabilities }: Task, agent: Agent): void {
  if (agent.presence === 'offline')
    throw conflict(`The agent ${agent.id} is offline.`, 'Assign it to one that is here: list_agents.');
  const missing = capabilities.filter(one => !agent.capabilities.includes(one));
  if (missing.length === 0) return;
  throw conflict(
    `Task ${id} asks for ${missing.join(', ')}, which the agent ${agent.id} cannot do.`,
    'Assign it to one that can: list_agents shows what each can do.',
  );
}

function conflict(message: string, fix: string): MemoryError {
  return new MemoryError('conflict', `${message} Nothing was changed.`, fix);
}
