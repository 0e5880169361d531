import { z } from 'zod';
import { DEPARTING_MEMORIES } from '../../engine/agents/departingMemories.ts';
import { depart } from '../../engine/agents/departure.ts';
import { oneLine } from '../../engine/foreignText.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';

export const unregisterAgent = defineTool({
  name: 'unregister_agent',
  title: 'Unregister an agent',
  description:
    'Removes an agent of yours: its tasks are queued again, its files free, its memories kept, transferred to reassign_to, or deleted.',
  effect: 'destroys',
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: own.agentId.describe('Default: this session'),
    reassign_to: own.id.optional().describe('Agent that is offered its tasks first'),
    memories: z.enum(DEPARTING_MEMORIES).default('keep').describe('Yours that bear its label'),
    namespace: field.writeNamespace,
  }),
  advanced: ['namespace'],
  output: z.object({
    agent_id: z.string(),
    requeued: z.number().describe('Tasks'),
    memories: z.enum(DEPARTING_MEMORIES),
    memories_changed: z.number().describe('Each can be undone'),
  }),
  async handle({ agent_id, reassign_to, memories, namespace }, { engine, caller, signal }) {
    const request = { namespace, agent: agent_id, heir: reassign_to, memories };
    const report = await depart(engine, request, caller, signal);
    return {
      agent_id: report.agent.id,
      requeued: report.requeued,
      memories,
      memories_changed: report.memories,
    };
  },
  summarize({ agent_id, requeued, memories, memories_changed: changed }) {
    const ofMemories = {
      keep: 'its memories are kept',
      transfer: `${counted(changed, 'memory', 'memories')} transferred`,
      delete: `${counted(changed, 'memory', 'memories')} deleted, which undo_change takes back`,
    };
    return `Unregistered ${oneLine(agent_id)}: ${counted(requeued, 'task')} queued again, ${ofMemories[memories]}.`;
  },
});
