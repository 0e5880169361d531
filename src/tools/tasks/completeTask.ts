import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import { taskLine, taskView, viewOf } from './taskView.ts';

export const completeTask = defineTool({
  name: 'complete_task',
  title: 'Complete a task',
  description: 'Ends a task you claimed, with its result. Refused once the lease is another’s.',
  effect: 'writes',
  idempotent: true,
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    task_id: own.id,
    fence: own.fence.describe('As the claim returned it'),
    lease_id: own.leaseId,
    result: field.metadata.optional(),
    metrics: field.metadata.optional().describe('Such as duration_ms, tokens'),
    agent_id: own.agentId.describe('Who claimed it; default: this session'),
    namespace: field.writeNamespace,
  }),
  advanced: ['agent_id', 'namespace'],
  output: taskView,
  async handle({ task_id, fence, lease_id, agent_id, namespace, result, metrics }, { engine, caller }) {
    const held = { id: task_id, namespace, agent: agent_id, fence, leaseId: lease_id };
    return viewOf(await engine.tasks.complete(held, result ?? {}, metrics ?? {}, caller));
  },
  summarize: taskLine,
});
