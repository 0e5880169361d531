import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Caller } from '../engine/model/caller.ts';
import type { Progress } from './defineTool.ts';
import { findTool } from './registry.ts';
import { runTool } from './runTool.ts';
import type { ToolResult } from './toolResult.ts';

/** How a surface calls a tool, wherever the engine runs. */
export type CallTool = (
  name: string,
  input: unknown,
  caller: Caller,
  options?: { readonly signal?: AbortSignal; readonly onProgress?: (report: Progress) => void },
) => Promise<ToolResult>;

const NEVER = new AbortController().signal;

/** @param engine opens the engine at the first call, so that listing tools costs nothing */
export function callToolsOn(engine: () => Promise<Engine>): CallTool {
  return async (name, input, caller, options = {}) => {
    const tool = findTool(name);
    if (!tool)
      throw new MemoryError(
        'not_found',
        `There is no tool "${name}".`,
        'List the tools and use one of them.',
      );
    const opened = await engine();
    const result = await runTool(tool, input, {
      engine: opened,
      caller,
      signal: options.signal ?? NEVER,
      progress: options.onProgress ?? (() => {}),
    });
    const notice = await opened.notice();
    return notice === undefined ? result : { ...result, notice };
  };
}
