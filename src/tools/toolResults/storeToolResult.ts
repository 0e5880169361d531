import { z } from 'zod';
import { type OperationKind, TOOL_RESULT_TTL_MS } from '../../engine/ports/toolResultCache.ts';
import { defineTool } from '../defineTool.ts';
import { toCall, toolCall } from './toolCall.ts';

const KINDS = {
  default: 'default',
  read_only: 'readOnly',
  write: 'write',
  expensive: 'expensive',
} as const satisfies Record<string, OperationKind>;

export const storeToolResult = defineTool({
  name: 'store_tool_result',
  title: 'Keep the result of a tool',
  description: `Keeps what a tool answered, for whoever calls it with the same input: 1 hour; 2 hours for what only reads
(cat, ls, grep), 5 minutes for what writes (commit, edit), 24 hours for what is expensive (inference of a model).`,
  effect: 'writes',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    ...toolCall,
    result: z.string().max(10_000_000).describe('What it answered'),
    kind: z
      .enum(Object.keys(KINDS) as [keyof typeof KINDS])
      .default('default')
      .describe('What the tool did'),
  }),
  output: z.object({ seconds: z.number().describe('How long it is kept') }),
  async handle({ result, kind, ...call }, { engine }) {
    const of = KINDS[kind];
    await engine.records.toolResults.put(toCall(call), result, of);
    return { seconds: TOOL_RESULT_TTL_MS[of] / 1000 };
  },
  summarize: ({ seconds }) => `Kept for ${seconds / 60} minutes.`,
});
