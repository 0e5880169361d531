import type { Engine } from '../../../engine/engine.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import type { AgentNames } from './agentNames.ts';
import type { TaskNews, Team } from './engineMessages.ts';

/** Who works in the caller's namespace, and what is to be done there. */
export async function teamOf(
  { agents, tasks }: Pick<Engine, 'agents' | 'tasks'>,
  caller: Caller,
): Promise<Team> {
  const namespaces = [caller.namespace];
  const [all, { byState }] = await Promise.all([agents.list(namespaces), tasks.counts(namespaces)]);
  return { self: agents.idOf(caller), agents: all, tasks: byState };
}

/**
 * A task's state as a person hears of it.
 * @param agent that had it, as the event names it
 */
export async function taskNews(
  { agents, tasks }: Pick<Engine, 'agents' | 'tasks'>,
  { namespace, id, agent }: { readonly namespace: string; readonly id: string; readonly agent: string },
  caller: Caller,
  names: AgentNames,
): Promise<TaskNews> {
  const [{ task }, all, by] = await Promise.all([
    tasks.get({ namespace, id }, caller),
    agents.list([namespace]),
    names.of(agent, namespace),
  ]);
  const there = (one: string) => all.find(other => other.id === one && other.presence !== 'offline');
  const { owner, question, reason, state, submittedBy, title } = task;
  const own = submittedBy === agents.idOf(caller);
  // A window that was loaded anew is another agent, and its person the same.
  const left = owner === caller.principal.id && namespace === caller.namespace && !there(submittedBy);
  return {
    ...{ title, state, question, reason },
    mine: own || left,
    by,
  };
}
