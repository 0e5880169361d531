import { z } from 'zod';
import { statusOf } from '../../engine/agents/statusOf.ts';
import { oneLine } from '../../engine/foreignText.ts';
import type { Agent } from '../../engine/model/agent.ts';
import { isoTime } from '../../engine/model/time.ts';
import type { TaskLoad } from '../../engine/ports/taskStore.ts';
import { counted } from '../counted.ts';

/** Of what an agent can do, so much is told in its line. */
const SHOWN_CAPABILITIES = 10;

/** An agent, as tools answer it; times are ISO 8601. */
export const agentView = z.object({
  id: z.string(),
  namespace: z.string(),
  name: z.string(),
  agent_type: z.string(),
  presence: z.enum(['online', 'stale', 'offline']),
  status: z.string().describe('As it says; `busy` where it says nothing and holds a task'),
  load: z.number(),
  capabilities: z.array(z.string()),
  context_window: z.number().nullable(),
  current_task: z.string().nullable(),
  owner: z.string().describe('The principal that it belongs to'),
  client: z.string(),
  machine: z.string(),
  metadata: z.record(z.string(), z.json()),
  registered_at: z.string(),
  heartbeat_at: z.string(),
  tasks: z.number().optional().describe('That it holds or is offered'),
  you: z.literal(true).optional().describe('It is who asks'),
});
export type AgentView = z.infer<typeof agentView>;

/** @param tasks that it has; undefined: not asked for */
export function viewAgent(agent: Agent, tasks?: TaskLoad): AgentView {
  const { id, namespace, name, presence, load, owner, client, machine } = agent;
  return {
    ...{ id, namespace, name, presence, load, owner, client, machine },
    status: statusOf(agent, tasks?.held ?? 0),
    agent_type: agent.type,
    capabilities: [...agent.capabilities],
    context_window: agent.contextWindow,
    current_task: agent.currentTask,
    metadata: { ...agent.metadata } as AgentView['metadata'],
    registered_at: isoTime(agent.registeredAt),
    heartbeat_at: isoTime(agent.heartbeatAt),
    ...(tasks && { tasks: tasks.held + tasks.offered }),
  };
}

/** One line: id, name, how it is, what it can do. */
export function agentLine(agent: AgentView): string {
  const { id, name, presence, status, load, tasks, capabilities, current_task, heartbeat_at, you } = agent;
  const facts = [
    ...[
      you ? 'you' : presence,
      ...(presence === 'online' ? [oneLine(status)] : [`last seen ${heartbeat_at.slice(0, 19)}Z`]),
    ],
    ...(load > 0 ? [`load ${Math.round(load * 100)} %`] : []),
    ...(tasks ? [counted(tasks, 'task')] : []),
    ...(current_task === null ? [] : [`works on ${oneLine(current_task)}`]),
  ].join(', ');
  const shown = capabilities.slice(0, SHOWN_CAPABILITIES).map(one => oneLine(one, 60));
  if (capabilities.length > shown.length) shown.push(`${capabilities.length - shown.length} more`);
  const can = shown.length > 0 ? `; can ${shown.join(', ')}` : '';
  return `${oneLine(id)} (${oneLine(name, 100)}): ${facts}${can}`;
}
