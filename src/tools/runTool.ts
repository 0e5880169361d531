import { visible } from '../engine/foreignText.ts';
import { checkInput } from './checkInput.ts';
import type { Tool, ToolContext } from './defineTool.ts';
import { demandRights } from './demandRights.ts';
import type { ToolResult } from './toolResult.ts';

/**
 * Checks the input strictly, runs the tool and words the answer.
 * Throws `forbidden` for who may not, `invalid_input` naming the field and what it should be, and whatever the engine throws.
 */
export async function runTool(tool: Tool, input: unknown, context: ToolContext): Promise<ToolResult> {
  context.signal.throwIfAborted();
  demandRights(tool, context.caller);
  const output = await tool.handle(checkInput(tool, input), context);
  return {
    structured: output,
    // Where it is read: programs do not.
    get text() {
      return visible(tool.summarize(output));
    },
  };
}
