import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { lines } from '../recordFields.ts';
import { agentLine, agentView, viewAgent } from './agentView.ts';

export const listAgents = defineTool({
  name: 'list_agents',
  title: 'List agents',
  description: 'Who works here, last seen first: presence, load, tasks, capabilities.',
  effect: 'reads',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    online: z.boolean().optional().describe('Leave out who is gone'),
    limit: field.limit(50, 500),
    namespace: field.readNamespace,
  }),
  advanced: ['online', 'limit', 'namespace'],
  output: z.object({
    agents: z.array(agentView),
    more: z.number().describe('That are there beside these'),
  }),
  async handle({ limit, online, namespace }, { engine, caller }) {
    const all = await engine.agents.list(readNamespaces(namespace, caller));
    const present = online ? all.filter(({ presence }) => presence !== 'offline') : all;
    const agents = present.toSorted((a, b) => b.heartbeatAt - a.heartbeatAt).slice(0, limit);
    const loads = await engine.tasks.loadsOf(agents);
    const you = engine.agents.idOf(caller);
    return {
      agents: agents.map((agent, i) => ({
        ...viewAgent(agent, loads[i]),
        ...(agent.id === you && agent.owner === caller.principal.id && { you: true as const }),
      })),
      more: present.length - agents.length,
    };
  },
  summarize: ({ agents, more }) =>
    `${lines(agents, agentLine, 'Nobody works here.')}${more > 0 ? `\nand ${more} more, last seen earlier: raise limit to see them` : ''}`,
});
