import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Caller } from '../engine/model/caller.ts';
import type { ToolSet } from '../engine/model/toolSets.ts';
import type { Progress } from './defineTool.ts';
import { findTool } from './registry.ts';
import { runTool } from './runTool.ts';
import type { ToolResult } from './toolResult.ts';

/** How a surface calls a tool, wherever the engine runs. */
export type CallTool = (
  name: string,
  input: unknown,
  caller: Caller,
  options?: CallToolOptions,
) => Promise<ToolResult>;

export interface CallToolOptions {
  readonly signal?: AbortSignal;
  /** As in `ToolContext`. */
  readonly patience?: AbortSignal | undefined;
  readonly onProgress?: (report: Progress) => void;
}

const NEVER = new AbortController().signal;

/**
 * @param engine opens the engine at the first call, so that listing tools costs nothing
 * @param sets of the tools that the caller is offered; it has to keep to them itself
 */
export function callToolsOn(engine: () => Promise<Engine>, sets?: readonly ToolSet[]): CallTool {
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
      sets,
      // Made by who gives them when they are asked for.
      get signal() {
        return options.signal ?? NEVER;
      },
      get patience() {
        return options.patience;
      },
      progress: options.onProgress ?? (() => {}),
    });
    const notice = await opened.notice(caller);
    return notice === undefined ? result : { ...result, notice };
  };
}
