import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { count, lines } from '../recordFields.ts';
import { consumer, entryLine, entryView, group, viewEntry } from './entryView.ts';

export const readLearning = defineTool({
  name: 'read_learning',
  title: 'Read the learning queue',
  description: `Gives a consumer the oldest entries that nobody of its group was given; an empty list when there are none.
Say when each is done, by acknowledge_learning: until then it is pending, and claim_learning gives it to another.`,
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({ group, consumer, count: count(10).describe('At most so many') }),
  output: z.object({ entries: z.array(entryView) }),
  async handle({ group, consumer, count }, { engine }) {
    return { entries: (await engine.records.learning.read(group, consumer, count)).map(viewEntry) };
  },
  summarize: ({ entries }) => lines(entries, entryLine, 'Nothing new.'),
});
