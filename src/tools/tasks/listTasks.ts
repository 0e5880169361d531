import { z } from 'zod';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { TASK_STATES } from '../../engine/model/task.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';
import {
  taskLine,
  taskText,
  taskView,
  transitionLine,
  transitionView,
  viewTask,
  viewTransition,
} from './taskView.ts';

export const listTasks = defineTool({
  name: 'list_tasks',
  title: 'List tasks',
  description:
    'Tasks, newest first, with why they wait; or one whole, by id. Dead ones failed for good: update_task requeues them.',
  effect: 'reads',
  set: 'tasks',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    task_id: own.id.optional(),
    history: z.boolean().optional().describe('With task_id'),
    states: z.array(z.enum(TASK_STATES)).min(1).optional(),
    agent_id: own.agentId.describe('Holds it, or is offered it'),
    limit: field.limit(20),
    offset: z.number().int().min(0).max(10_000_000).default(0),
    namespace: field.readNamespace,
  }),
  advanced: ['offset', 'namespace'],
  output: z.object({
    tasks: z.array(taskView),
    total: z.number(),
    history: z.array(transitionView).optional().describe('Oldest first'),
  }),
  async handle(input, { engine, caller }) {
    const { task_id, agent_id, states, namespace, limit, offset } = input;
    if (task_id === undefined) {
      const namespaces = readNamespaces(namespace, caller);
      const { tasks, total } = await engine.tasks.list(
        {
          ...(namespaces && { namespaces }),
          ...(states && { states }),
          ...(agent_id !== undefined && { agent: agent_id }),
        },
        { limit, offset },
      );
      return { tasks: tasks.map(viewTask), total };
    }
    const key = { id: task_id, namespace };
    const task = viewTask(await engine.tasks.get(key, caller));
    const history = input.history ? await engine.tasks.history(key, caller) : undefined;
    return { tasks: [task], total: 1, ...(history && { history: history.map(viewTransition) }) };
  },
  summarize({ tasks, total, history }) {
    if (tasks.length === 0) return 'No tasks match.';
    if (history)
      return [...tasks.map(taskText), ...history.map(one => `  ${transitionLine(one)}`)].join('\n');
    if (total === 1) return tasks.map(taskText).join('\n');
    return [...tasks.map(taskLine), `${tasks.length} of ${total}.`].join('\n');
  },
});
