import type { Agent } from '../model/agent.ts';
import type { TaskLoad } from '../ports/taskStore.ts';

/** What is looked for in an agent. */
export interface Wanted {
  readonly capabilities: readonly string[];
  readonly preferredAgent: string | null;
  /** Id of the agent that submits: it asks others, unless it prefers itself. */
  readonly submitter: string;
}

/**
 * Whom a task is offered to: of those that live and can do it the preferred one, else the one with the fewest tasks, then with the least
 * load, then with the fewest capabilities, so that those who can do much stay free. Ties go by `tie`, so that equals get equally much.
 * @param loads tasks that each has; absent: none
 * @param tie a number for each agent that is evenly spread and another for each task
 * @returns undefined where nobody is there
 */
export function chooseAgent(
  agents: readonly Agent[],
  { capabilities, preferredAgent, submitter }: Wanted,
  loads: ReadonlyMap<string, TaskLoad>,
  tie: (agent: string) => number,
): Agent | undefined {
  const able = agents.filter(
    agent => agent.presence === 'online' && agent.status !== 'draining' && canDo(agent, capabilities),
  );
  const preferred = able.find(agent => agent.id === preferredAgent);
  if (preferred) return preferred;
  const rank = (agent: Agent) => {
    const { held, offered } = loads.get(agent.id) ?? { held: 0, offered: 0 };
    return [held + offered, agent.load, agent.capabilities.length, tie(agent.id)] as const;
  };
  return able
    .filter(agent => agent.id !== submitter)
    .map(agent => ({ agent, rank: rank(agent) }))
    .sort((a, b) => compare(a.rank, b.rank))[0]?.agent;
}

export function canDo(agent: Pick<Agent, 'capabilities'>, capabilities: readonly string[]): boolean {
  return capabilities.every(capability => agent.capabilities.includes(capability));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - b[i]!;
  return 0;
}
