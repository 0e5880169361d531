import type { z } from 'zod';
import type { Engine } from '../engine/engine.ts';
import type { Caller } from '../engine/model/caller.ts';
import type { ToolSet } from '../engine/model/toolSets.ts';

/** `reads` changes nothing; `writes` can be undone; `destroys` asks a person first. */
export type Effect = 'reads' | 'writes' | 'destroys';
export type Surface = 'mcp' | 'editor' | 'rest' | 'cli';

export interface Progress {
  readonly done: number;
  /** Unknown while absent. */
  readonly total?: number;
  readonly message?: string;
}

/** What a handler works with; `signal` fires when the caller gives up. */
export interface ToolContext {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** Fires when the caller still wants its answer, and waits no more for what may yet happen; undefined: never. */
  readonly patience?: AbortSignal | undefined;
  /** Of the tools that the caller is offered, and so may call from a tool; undefined: all. */
  readonly sets?: readonly ToolSet[] | undefined;
  progress(report: Progress): void;
}

/** An operation, defined once; every surface offers it from here. */
export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  /** snake_case, stable. */
  readonly name: string;
  readonly title: string;
  /** What it does, what comes back, when to use it, and which neighbour otherwise. */
  readonly description: string;
  readonly effect: Effect;
  /** Calling it twice is as good as once. Default false. */
  readonly idempotent?: boolean;
  readonly set: ToolSet;
  readonly surfaces: readonly Surface[];
  /**
   * It shows and changes nothing outside the namespaces that its caller is bound to, or tells nothing of what is stored; else whoever is bound
   * to namespaces is refused. Default: it has the field `namespace`.
   */
  readonly withinNamespaces?: boolean;
  /** Its answer holds a secret: it is kept nowhere. */
  readonly answersSecret?: boolean;
  /** Strict and flat, so that a command line can carry it. */
  readonly input: I;
  readonly output: O;
  /** Input fields left out of MCP's listing, which costs every conversation tokens; accepted all the same. */
  readonly advanced?: readonly (keyof z.infer<I> & string)[];
  handle(input: z.infer<I>, context: ToolContext): Promise<z.input<O>>;
  /** The answer as a person or a model reads it. */
  summarize(output: z.infer<O>): string;
}

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(tool: Tool<I, O>): Tool<I, O> {
  return tool;
}
