import { z } from 'zod';
import { LIMITS } from '../../engine/model/limits.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import { taskLine, taskView, viewTask } from './taskView.ts';

export const distributeTask = defineTool({
  name: 'distribute_task',
  title: 'Distribute a task',
  description:
    'Queues work for the agents here: the best suited one is offered it, then any capable one. Returns its id.',
  effect: 'writes',
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    title: z.string().min(1).max(LIMITS.titleChars),
    description: own.words.optional(),
    required_capabilities: own.capabilities.optional(),
    priority: field.priority.optional(),
    payload: field.metadata.optional(),
    deadline: field.instant.optional().describe('ISO time'),
    depends_on: z.array(own.id).max(LIMITS.dependencies).optional().describe('Task ids'),
    preferred_agent: own.agentId,
    max_retries: z.number().int().min(0).max(100).optional().describe('Tries after the first; default: 3'),
    retry_seconds: z.number().min(0).max(86_400).optional().describe('Pause before the first retry'),
    lease_seconds: own.leaseSeconds.describe('How long a claim holds unless it is renewed; default: 60'),
    max_losses: z.number().int().min(1).max(1000).optional().describe('Dead after so many lost leases'),
    idempotency_key: own.id.optional().describe('The same key gives the same task again'),
    task_id: own.id.optional().describe('Your own id; default: a new one'),
    namespace: field.writeNamespace,
  }),
  advanced: [
    ...(['retry_seconds', 'max_losses', 'lease_seconds', 'idempotency_key', 'task_id'] as const),
    'namespace',
  ],
  output: taskView.extend({ created: z.boolean().describe('false: it was there already') }),
  async handle(input, { engine, caller }) {
    const submitted = await engine.tasks.submit(
      {
        ...{ namespace: input.namespace, id: input.task_id, title: input.title, payload: input.payload },
        ...{ description: input.description, priority: input.priority, dependsOn: input.depends_on },
        ...{ capabilities: input.required_capabilities, preferredAgent: input.preferred_agent },
        deadline: field.toMs(input.deadline),
        retry: {
          ...(input.max_retries !== undefined && { max: input.max_retries }),
          ...(input.retry_seconds !== undefined && { baseMs: input.retry_seconds * 1000 }),
        },
        ...{ leaseMs: own.toMs(input.lease_seconds), maxLosses: input.max_losses },
        idempotencyKey: input.idempotency_key,
      },
      caller,
    );
    return { ...viewTask(submitted), created: submitted.created };
  },
  summarize: ({ created, ...task }) => `${created ? 'Queued' : 'Queued before'}: ${taskLine(task)}`,
});
