import { z } from 'zod';
import type { ToolCall } from '../../engine/ports/toolResultCache.ts';

/** What makes two calls of a tool the same. */
export const toolCall = {
  tool: z.string().min(1).max(200).describe('The tool, such as bash; without a colon'),
  input_hash: z.string().min(1).max(200).describe('Hash of its input; without a colon'),
  path: z.string().min(1).max(4096).optional().describe('The file it was used on'),
};

export function toCall(input: {
  readonly tool: string;
  readonly input_hash: string;
  readonly path?: string | undefined;
}): ToolCall {
  const { tool, input_hash, path } = input;
  return { tool, inputHash: input_hash, ...(path !== undefined && { path }) };
}
