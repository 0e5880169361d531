import { z } from 'zod';
import { LEARNING_GROUPS } from '../../engine/model/learningGroups.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';

export const learningStatus = defineTool({
  name: 'learning_status',
  title: 'State of the learning queue',
  description:
    'Counts the entries of the learning queue, and those that each group has not acknowledged yet.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    entries: z.number(),
    pending: z.object({ training_pipeline: z.number(), analytics: z.number() }),
  }),
  async handle(_, { engine }) {
    const { entries, pending } = await engine.records.learning.size();
    return { entries, pending: { ...pending } };
  },
  summarize: ({ entries, pending }) =>
    `${counted(entries, 'entry', 'entries')}; pending: ${LEARNING_GROUPS.map(group => `${group} ${pending[group]}`).join(', ')}`,
});
