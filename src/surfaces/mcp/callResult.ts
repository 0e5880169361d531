import type { CallToolResult } from '@modelcontextprotocol/server';
import { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { ToolResult } from '../../tools/runTool.ts';

export function successful({ structured, text }: ToolResult): CallToolResult {
  return { content: [{ type: 'text', text }], structuredContent: structured };
}

/** A failure as the model reads it: what happened and what to do next. Anything unexpected is logged and told in general words. */
export function failed(error: unknown, logger: Logger): CallToolResult {
  if (MemoryError.is(error)) {
    return {
      isError: true,
      content: [{ type: 'text', text: `${error.code}: ${error.message} ${error.fix}` }],
    };
  }
  logger.error('a tool failed unexpectedly', { error: error instanceof Error ? error.stack : String(error) });
  return {
    isError: true,
    content: [
      { type: 'text', text: 'unavailable: The memory failed unexpectedly; its log says why. Try once more.' },
    ],
  };
}
