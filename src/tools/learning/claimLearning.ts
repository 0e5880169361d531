import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { count, lines } from '../recordFields.ts';
import { consumer, entryLine, entryView, group, viewEntry } from './entryView.ts';

export const claimLearning = defineTool({
  name: 'claim_learning',
  title: 'Claim what a dead consumer left',
  description: `Gives a consumer the oldest entries that others of its group were given some time ago and have not acknowledged.
Use it now and then, so that nothing stays with a consumer that died. For entries that nobody has, use read_learning.`,
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    group,
    consumer,
    idle_seconds: z.number().int().min(0).default(60).describe('Given at least so long ago'),
    count: count(10).describe('At most so many'),
  }),
  output: z.object({ entries: z.array(entryView) }),
  async handle({ group, consumer, idle_seconds, count }, { engine }) {
    const claimed = await engine.records.learning.claim(group, consumer, idle_seconds * 1000, count);
    return { entries: claimed.map(viewEntry) };
  },
  summarize: ({ entries }) => lines(entries, entryLine, 'Nothing was left.'),
});
