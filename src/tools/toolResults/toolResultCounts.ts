import { z } from 'zod';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import { lines } from '../recordFields.ts';

export const toolResultCounts = defineTool({
  name: 'tool_result_counts',
  title: 'Hits and misses of kept results',
  description: 'Counts, for each tool, how often get_tool_result found a result and how often not.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({}),
  output: z.object({
    tools: z.array(
      z.object({
        name: z.string(),
        hits: z.number(),
        misses: z.number(),
        hit_rate: z.number().min(0).max(1).describe('0 where nobody asked'),
      }),
    ),
  }),
  async handle(_, { engine }) {
    const counts = await engine.records.toolResults.counts();
    return {
      tools: [...counts]
        .map(([name, { hits, misses }]) => ({ name, hits, misses, hit_rate: hits / (hits + misses || 1) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  },
  summarize: ({ tools }) =>
    lines(
      tools,
      ({ name, hits, misses, hit_rate }) =>
        `${name}: ${counted(hits, 'hit')}, ${counted(misses, 'miss', 'misses')}, ${Math.round(hit_rate * 100)} %`,
      'Nobody has asked yet.',
    ),
});
