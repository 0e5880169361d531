import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import { defineTool } from '../defineTool.ts';
import { toolCall } from './toolCall.ts';

export const forgetToolResults = defineTool({
  name: 'forget_tool_results',
  title: 'Forget kept results',
  description:
    'Forgets the results of one tool, those on one file, or all of them; the counts stay. Use it when a file was changed by something that nobody told.',
  effect: 'destroys',
  idempotent: true,
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    tool: toolCall.tool.optional().describe('Only this tool’s'),
    path: toolCall.path.describe('Only those on this file'),
    all: z.boolean().default(false).describe('All of them; without it tool or path is needed'),
  }),
  output: z.object({ forgotten: z.number() }),
  async handle({ tool, path, all }, { engine }) {
    if (tool === undefined && path === undefined && !all)
      throw new MemoryError('invalid_input', 'Neither tool nor path is given.', 'Give one of them, or all.');
    const of = { ...(tool !== undefined && { tool }), ...(path !== undefined && { path }) };
    return { forgotten: await engine.records.toolResults.forget(of) };
  },
  summarize: ({ forgotten }) => `${forgotten} forgotten.`,
});
