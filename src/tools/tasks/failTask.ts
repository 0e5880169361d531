import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import { taskLine, taskView, viewTask } from './taskView.ts';

export const failTask = defineTool({
  name: 'fail_task',
  title: 'Fail a task',
  description:
    'Says that you could not do a task you claimed. It is tried again until its retries are used up; then it is dead.',
  effect: 'writes',
  idempotent: true,
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    task_id: own.id,
    error: own.words.min(1).describe('Why, for who tries next'),
    retryable: z.boolean().optional().describe('false: it would fail again'),
    retry_after: z.number().min(0).max(31_536_000).optional().describe('Seconds'),
    fence: own.fence,
    lease_id: own.leaseId,
    agent_id: own.agentId.describe('Who claimed it; default: this session'),
    namespace: field.writeNamespace,
  }),
  advanced: ['agent_id', 'namespace'],
  output: taskView,
  async handle(input, { engine, caller }) {
    const { task_id, fence, lease_id, agent_id, namespace, error, retryable, retry_after } = input;
    const held = { id: task_id, namespace, agent: agent_id, fence, leaseId: lease_id };
    const failure = {
      ...{ reason: error, retryable: retryable ?? true },
      retryAfterMs: own.toMs(retry_after),
    };
    await engine.tasks.fail(held, failure, caller);
    return viewTask(await engine.tasks.get({ id: task_id, namespace }, caller));
  },
  summarize: taskLine,
});
