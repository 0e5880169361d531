import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { defineTool } from '../defineTool.ts';
import { consumer } from './entryView.ts';

export const processLearning = defineTool({
  name: 'process_learning',
  title: 'Make memories of the learning queue',
  description: `Takes entries of the learning queue, what dead consumers left first, and makes a memory of each, once; what says the same is one memory. Entries of which nothing can be learnt are set apart with the reason.
The worker does it by itself. To read entries for another purpose, use read_learning.`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    consumer: consumer.default('process_learning'),
    limit: z.number().int().min(1).max(100_000).default(1000).describe('Ends after about so many entries'),
  }),
  output: z.object({
    learnt: z.number(),
    repeated: z.number().describe('They said what a memory says already'),
    known: z.number().describe('They had been taken before'),
    set_apart: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
  async handle({ consumer, limit }, { engine, caller, progress, signal }) {
    const { setApart, ...counts } = await engine.upkeep.learning.run(
      { consumer, limit },
      caller,
      signal,
      done => progress({ done }),
    );
    return { ...counts, set_apart: [...setApart] };
  },
  summarize: ({ learnt, repeated, known, set_apart }) =>
    [
      `${learnt} learnt, ${repeated} known by what they say, ${known} taken before, ${set_apart.length} set apart.`,
      ...set_apart.map(({ id, reason }) => `${id}: ${oneLine(reason)}`),
    ].join('\n'),
});
