import type { Agents } from '../agents/agents.ts';
import { MemoryError } from '../errors.ts';
import type { Agent } from '../model/agent.ts';
import type { Clock } from '../ports/clock.ts';
import type { TaskLoad } from '../ports/taskStore.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { ok, warn } from './healthCheck.ts';

/** So many silent agents are named. */
const NAMED = 5;

/** Whether those who registered still say that they live; undefined where nobody did. One that was registered by hand need not say it. */
export async function checkAgents({
  agents,
  clock,
  tasks,
}: {
  readonly agents: Pick<Agents, 'list'>;
  readonly tasks: Pick<Tasks, 'loadsOf'>;
  readonly clock: Clock;
}) {
  let all: readonly Agent[];
  try {
    all = await agents.list(undefined);
  } catch (error) {
    if (!MemoryError.is(error, 'unavailable')) throw error;
    return warn(error.message, error.fix);
  }
  if (all.length === 0) return undefined;
  const silent = all.filter(({ pid, presence }) => presence !== 'online' && pid !== null);
  const online = all.filter(({ presence }) => presence === 'online').length;
  const detail = `${online} of ${all.length} registered ${all.length === 1 ? 'agent is' : 'agents are'} online`;
  if (silent.length === 0) return ok(detail);
  const loads = await tasks.loadsOf(silent);
  const named = silent.slice(0, NAMED).map(({ heartbeatAt, name, namespace }, i) => {
    const since = `${Math.max(0, Math.round((clock.now() - heartbeatAt) / 1000))} s`;
    return `${name} (${namespace}) silent for ${since}${tasksOf(loads[i]!)}`;
  });
  const more = silent.length > NAMED ? `; and ${silent.length - NAMED} more` : '';
  return warn(
    `${detail}; ${named.join('; ')}${more}`,
    'Start it again, or remove it with unregister_agent. After 90 s its tasks go to others, after a day it is forgotten.',
  );
}

function tasksOf({ held, offered }: TaskLoad): string {
  const all = held + offered;
  return all === 0 ? '' : `, with ${all} ${all === 1 ? 'task' : 'tasks'}`;
}
