import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import * as own from './taskFields.ts';

export const purgeTasks = defineTool({
  name: 'purge_tasks',
  title: 'Purge tasks',
  description:
    'Removes ended tasks for good, with their results and histories: by default dead letters. Those stay that a blocked task depends on. Without confirm: true nothing is removed.',
  effect: 'destroys',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    states: z
      .array(z.enum(['completed', 'dead', 'cancelled']))
      .min(1)
      .default(['dead'])
      .describe('Which'),
    before: field.instant.optional().describe('Ended until then; default: all of them'),
    task_ids: z.array(own.id).min(1).max(1000).optional().describe('Only these'),
    confirm: z.boolean().optional(),
    namespace: field.readNamespace,
  }),
  output: z.object({ purged: z.number() }),
  async handle({ states, before, task_ids, confirm, namespace }, { engine, caller }) {
    if (!confirm)
      throw new MemoryError(
        'invalid_input',
        'What is purged does not come back. Nothing was removed.',
        'Look with list_tasks, then call again with confirm: true.',
      );
    const namespaces = readNamespaces(namespace, caller);
    const filter = { states, ...(namespaces && { namespaces }), ...(task_ids && { ids: task_ids }) };
    return { purged: await engine.tasks.purge(filter, field.toMs(before) ?? Number.MAX_SAFE_INTEGER) };
  },
  summarize: ({ purged }) => `Removed ${counted(purged, 'task')}.`,
});
