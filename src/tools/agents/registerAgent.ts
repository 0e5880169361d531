import { z } from 'zod';
import { AGENT_TYPES } from '../../engine/model/agent.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { writeNamespace } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';
import { agentLine, agentView, viewAgent } from './agentView.ts';

export const registerAgent = defineTool({
  name: 'register_agent',
  title: 'Register an agent',
  description:
    'Says who you are and what you can do; tasks are offered by that. A session is an agent anyway.',
  effect: 'writes',
  idempotent: true,
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: own.agentId.describe('Default: this session'),
    capabilities: own.capabilities.optional(),
    agent_type: z.enum(AGENT_TYPES).optional(),
    context_window: z.number().int().min(1).max(1_000_000_000).optional().describe('Tokens'),
    name: z
      .string()
      .min(1)
      .max(LIMITS.nameChars)
      .optional()
      .describe('For people; default: client and machine'),
    metadata: field.metadata.optional(),
    namespace: field.writeNamespace,
  }),
  advanced: ['name', 'metadata', 'namespace'],
  output: agentView,
  async handle(input, { engine, caller }) {
    const { agent_id, agent_type, capabilities, context_window, metadata, name, namespace } = input;
    const draft = {
      ...{ id: agent_id, type: agent_type, contextWindow: context_window },
      ...{ capabilities, metadata, name },
    };
    return viewAgent(await engine.agents.register(draft, writeNamespace(namespace, caller), caller));
  },
  summarize: agent => `Registered ${agentLine(agent)}`,
});
