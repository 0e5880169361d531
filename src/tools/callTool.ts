import type { Engine } from '../engine/engine.ts';
import { MemoryError } from '../engine/errors.ts';
import type { Caller } from '../engine/model/caller.ts';
import type { ToolSet } from '../engine/model/toolSets.ts';
import type { Progress, ToolContext } from './defineTool.ts';
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
const unheard = () => {};

/** Signals are made by who gives them, when they are asked for. A class, since an object of its own with getters takes a microsecond to make. */
class Call implements ToolContext {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly sets: readonly ToolSet[] | undefined;
  readonly progress: (report: Progress) => void;
  readonly #options: CallToolOptions;

  constructor(
    engine: Engine,
    caller: Caller,
    sets: readonly ToolSet[] | undefined,
    options: CallToolOptions,
  ) {
    this.engine = engine;
    this.caller = caller;
    this.sets = sets;
    this.progress = options.onProgress ?? unheard;
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#options.signal ?? NEVER;
  }

  get patience(): AbortSignal | undefined {
    return this.#options.patience;
  }
}

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
    const result = await runTool(tool, input, new Call(opened, caller, sets, options));
    const notice = await opened.notice(caller);
    return notice === undefined ? result : { ...result, notice };
  };
}
