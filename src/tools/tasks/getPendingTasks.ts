import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { oneLine } from '../../engine/foreignText.ts';
import type { ClaimedTask } from '../../engine/model/task.ts';
import { pendingTasks } from '../../engine/tasks/pendingTasks.ts';
import { whyNothing } from '../../engine/tasks/whyNothing.ts';
import { counted } from '../counted.ts';
import { defineTool, type ToolContext } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import { taskLine, taskText, taskView, viewOf, viewTask } from './taskView.ts';

const LISTED = 20;

const pending = taskView.extend({
  claimable: z.boolean(),
  lease_id: z.string().optional().describe('With the fence the proof of who holds it'),
});

export const getPendingTasks = defineTool({
  name: 'get_pending_tasks',
  title: 'Get pending tasks',
  description:
    'What you can work on, and why the rest waits. claim: true leases the next to you; end each with complete_task or fail_task.',
  effect: 'writes',
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: own.agentId.describe('Default: this session'),
    limit: z.number().int().min(1).max(100).optional(),
    claim: z.boolean().optional(),
    wait_seconds: z.number().min(0).max(50).optional().describe('With claim: wait for one'),
    lease_seconds: own.leaseSeconds.describe('Instead of the tasks’ own'),
    task_ids: z.array(own.id).min(1).max(100).optional().describe('Only these'),
    namespace: field.writeNamespace,
  }),
  advanced: ['lease_seconds', 'task_ids', 'namespace'],
  output: z.object({
    agent_id: z.string(),
    claimed: z.boolean().describe('The tasks are leased to the agent'),
    tasks: z.array(pending),
    more: z.number().describe('So many more were found'),
    nothing: z
      .array(z.object({ task_id: z.string(), reason: z.string() }))
      .optional()
      .describe('Why, where there are no tasks'),
  }),
  async handle(input, context) {
    if (input.claim) return claim(input, context);
    if (input.wait_seconds !== undefined || input.lease_seconds !== undefined) throw withoutClaim();
    return list(input, context);
  },
  summarize({ agent_id, claimed, tasks, more, nothing = [] }) {
    const who = oneLine(agent_id);
    if (tasks.length === 0)
      return [
        `There is nothing for ${who} now${nothing.length > 0 ? ':' : '; no task waits.'}`,
        ...nothing.map(({ task_id, reason }) => `- ${oneLine(task_id)}: ${oneLine(reason)}`),
      ].join('\n');
    if (!claimed)
      return [
        ...tasks.map(task => `${task.claimable ? '*' : '-'} ${taskLine(task)}`),
        ...(more > 0 ? [`${more} more.`] : []),
        ...(tasks.some(({ claimable }) => claimable) ? ['* can be claimed now: claim: true.'] : []),
      ].join('\n');
    return [
      `Leased to ${who}: ${counted(tasks.length, 'task')}. Do the work, then call complete_task with task_id, fence, lease_id and result; when it cannot be done, fail_task.`,
      ...tasks.map(task => `${taskText(task)}\n  fence: ${task.fence}, lease_id: ${task.lease_id}`),
    ].join('\n');
  },
});

interface Asked {
  readonly agent_id?: string | undefined;
  readonly limit?: number | undefined;
  readonly wait_seconds?: number | undefined;
  readonly lease_seconds?: number | undefined;
  readonly task_ids?: readonly string[] | undefined;
  readonly namespace?: string | undefined;
}

async function claim(input: Asked, { engine, caller, patience, signal }: ToolContext) {
  const { agent_id, namespace, task_ids } = input;
  const tasks = await engine.tasks.claim(
    {
      ...{ namespace, agent: agent_id, ids: task_ids, limit: input.limit ?? 1 },
      ...{ leaseMs: own.toMs(input.lease_seconds), waitMs: own.toMs(input.wait_seconds) },
      patience,
    },
    caller,
    signal,
  );
  const holder = tasks[0]?.task.holder ?? agent_id ?? engine.agents.idOf(caller);
  return {
    ...{ agent_id: holder, claimed: true, tasks: tasks.map(viewClaimed), more: 0 },
    ...(tasks.length === 0 && { nothing: [...(await reasons(input, { engine, caller }))] }),
  };
}

async function list(input: Asked, context: ToolContext) {
  const { engine, caller } = context;
  const { agent_id, namespace, task_ids } = input;
  const asked = { namespace, agent: agent_id, ids: task_ids, limit: input.limit ?? LISTED };
  const { agent, tasks, total } = await pendingTasks(engine, asked, caller);
  return {
    ...(total === 0 && { nothing: [...(await reasons(input, context))] }),
    agent_id: agent.id,
    claimed: false,
    tasks: tasks.map(one => ({ ...viewTask(one), claimable: one.claimable })),
    more: total - tasks.length,
  };
}

function reasons(input: Asked, { engine, caller }: Pick<ToolContext, 'engine' | 'caller'>) {
  return whyNothing(
    engine,
    { namespace: input.namespace, agent: input.agent_id, ids: input.task_ids },
    caller,
  );
}

function viewClaimed({ leaseId, task }: ClaimedTask) {
  return { ...viewOf(task), claimable: false, lease_id: leaseId };
}

function withoutClaim(): MemoryError {
  return new MemoryError(
    'invalid_input',
    'wait_seconds and lease_seconds are for claiming. Nothing was changed.',
    'Give claim: true with them, or leave them out to see what waits.',
  );
}
