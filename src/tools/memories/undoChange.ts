import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const undoChange = defineTool({
  name: 'undo_change',
  title: 'Undo a change',
  description:
    'Takes one change back: a deleted memory returns, an update goes back to the version before, a new memory goes.',
  effect: 'writes',
  set: 'memory',
  surfaces: ['editor', 'rest', 'cli'],
  withinNamespaces: true,
  input: z.strictObject({
    operation_id: field.memoryId.describe('From memory_history, or the answer of the change'),
  }),
  output: z.object({
    memory_id: z.string(),
    kind: z.string(),
    version: z.number(),
    operation_id: z.string(),
  }),
  async handle({ operation_id }, { engine, caller }) {
    const operation = await engine.memories.undo(operation_id, caller);
    return {
      memory_id: operation.memoryId,
      kind: operation.kind,
      version: operation.version,
      operation_id: operation.id,
    };
  },
  summarize: ({ memory_id, kind, version }) => `${oneLine(memory_id)}: ${kind}d, now version ${version}.`,
});
