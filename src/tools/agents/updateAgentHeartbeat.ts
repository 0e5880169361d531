import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { writeNamespace } from '../../engine/model/namespace.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from '../tasks/taskFields.ts';
import { agentLine, agentView, viewAgent } from './agentView.ts';

export const updateAgentHeartbeat = defineTool({
  name: 'update_agent_heartbeat',
  title: 'Heartbeat of an agent',
  description:
    'Says how you are; answers which of your tasks were lost or cancelled meanwhile. A running session is kept alive by itself.',
  effect: 'writes',
  idempotent: true,
  set: 'agents',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: own.agentId,
    status: z.string().min(1).max(LIMITS.tagChars).optional().describe('idle, busy, draining (no offers), …'),
    load: z.number().min(0).max(1).optional(),
    current_task: z.string().max(LIMITS.titleChars).optional(),
    namespace: field.writeNamespace,
  }),
  advanced: ['namespace'],
  output: agentView.extend({
    lost: z.array(z.object({ task_id: z.string(), reason: z.string() })).describe('Stop working on these'),
  }),
  async handle({ agent_id, status, load, current_task, namespace }, { engine, caller }) {
    const beat = {
      ...(status !== undefined && { status }),
      ...(load !== undefined && { load }),
      ...(current_task !== undefined && { currentTask: current_task === '' ? null : current_task }),
    };
    const where = writeNamespace(namespace, caller);
    const agent = await engine.agents.heartbeat(agent_id, beat, where, caller);
    const lost = engine.tasks.takeLost(agent).map(({ id, reason }) => ({ task_id: id, reason }));
    return { ...viewAgent(agent), lost };
  },
  summarize: ({ lost, ...agent }) =>
    [
      agentLine(agent),
      ...lost.map(({ task_id, reason }) => `Stop working on ${oneLine(task_id)}: ${oneLine(reason)}`),
    ].join('\n'),
});
