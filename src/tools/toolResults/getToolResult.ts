import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { toCall, toolCall } from './toolCall.ts';

export const getToolResult = defineTool({
  name: 'get_tool_result',
  title: 'Get a kept result',
  description:
    'Returns what a tool answered to the same input, or null when that is not kept (any more), and counts the hit or miss. Ask before running a tool again.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject(toolCall),
  output: z.object({ hit: z.boolean(), result: z.string().nullable() }),
  async handle(call, { engine }) {
    const result = await engine.records.toolResults.get(toCall(call));
    return { hit: result !== undefined, result: result ?? null };
  },
  summarize: ({ result }) => result ?? 'Not kept.',
});
