import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { group } from './entryView.ts';

export const acknowledgeLearning = defineTool({
  name: 'acknowledge_learning',
  title: 'Acknowledge learning entries',
  description:
    'Says that a group is done with entries that read_learning or claim_learning gave. Returns how many of them were pending.',
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    group,
    entry_ids: z.array(z.string().min(1).max(100)).min(1).max(1000).describe('Ids of the entries'),
  }),
  output: z.object({ acknowledged: z.number() }),
  async handle({ group, entry_ids }, { engine }) {
    return { acknowledged: await engine.records.learning.acknowledge(group, entry_ids) };
  },
  summarize: ({ acknowledged }) => `${acknowledged} acknowledged.`,
});
