import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { metadata } from '../fields.ts';
import { node, text } from '../recordFields.ts';

export const queueLearning = defineTool({
  name: 'queue_learning',
  title: 'Queue a use of a tool to learn from',
  description: `Appends one use of a tool to the learning queue, which the groups training_pipeline and analytics read, each by itself.
An entry stays for 7 days, and as long as it is among the last 100,000. To read, use read_learning.`,
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    user_query: z.string().min(1).max(100_000).describe('What was asked'),
    tool_used: z.string().min(1).max(200).describe('The tool'),
    tool_args: metadata.default({}).describe('What the tool was given'),
    result: text(1_000_000).describe('What it answered'),
    success: z.boolean().default(true).describe('Whether it went well'),
    duration_ms: z.number().int().min(0).default(0).describe('How long it took, ms'),
    session_id: text(200).describe('The session'),
    node,
  }),
  output: z.object({ id: z.string() }),
  async handle(input, { engine }) {
    const [id] = await engine.records.learning.append([
      {
        sessionId: input.session_id,
        userQuery: input.user_query,
        toolUsed: input.tool_used,
        toolArgs: JSON.stringify(input.tool_args),
        result: input.result,
        success: input.success,
        durationMs: input.duration_ms,
        node: input.node,
      },
    ]);
    return { id: id! };
  },
  summarize: ({ id }) => `Queued as ${id}.`,
});
