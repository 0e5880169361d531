import type { EngineStatus } from '../../engine/engine.ts';
import { type ErrorCode, MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Anchor } from '../../engine/model/memory.ts';
import type { Effect, Progress } from '../../tools/defineTool.ts';
import type { ToolResult } from '../../tools/toolResult.ts';

/** What the engine's worker is started with (`workerData`). */
export interface WorkerOptions {
  /** Settings a person made in the editor; they win over environment and files. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

export interface ToolSummary {
  readonly name: string;
  readonly title: string;
  readonly effect: Effect;
}

/** The caller of one folder's window. */
export type FolderCaller = Pick<Caller, 'principal' | 'namespace' | 'agent'>;

export interface LocalServer {
  /** Such as `http://127.0.0.1:40213/mcp`. */
  readonly url: string;
}

/** Everything the extension host asks of the worker: argument and answer by name. */
export interface Requests {
  callTool: {
    readonly input: {
      readonly tool: string;
      readonly input: unknown;
      readonly caller: Caller;
      /** The workspace is not trusted: only tools that read may run. */
      readonly readOnly: boolean;
    };
    readonly answer: ToolResult;
  };
  tools: { readonly input: null; readonly answer: readonly ToolSummary[] };
  status: { readonly input: null; readonly answer: EngineStatus };
  /** `folder` undefined (none, or not trusted): only what holds everywhere */
  callerOf: { readonly input: { readonly folder: string | undefined }; readonly answer: FolderCaller };
  anchorOf: { readonly input: { readonly file: string }; readonly answer: Anchor };
  reindex: {
    readonly input: null;
    readonly answer: { readonly checked: number; readonly repaired: readonly string[] };
  };
  serve: {
    readonly input: { readonly token: string; readonly caller: Caller };
    readonly answer: LocalServer;
  };
}

export type RequestName = keyof Requests;

/** From the extension host to the worker. */
export type ToWorker =
  | {
      [N in RequestName]: {
        readonly kind: 'request';
        readonly id: number;
        readonly name: N;
        readonly input: Requests[N]['input'];
      };
    }[RequestName]
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'stop' };

export interface ErrorMessage {
  /** undefined: a bug, not a failure the caller may see. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly fix: string;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From the worker to the extension host. */
export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: 'progress'; readonly id: number; readonly report: Progress }
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

export function errorMessage(error: unknown): ErrorMessage {
  if (MemoryError.is(error)) return { code: error.code, message: error.message, fix: error.fix };
  if (error instanceof Error && error.name === 'AbortError')
    return {
      code: 'cancelled',
      message: 'The call was cancelled.',
      fix: 'Call again if it is still wanted.',
    };
  const message = error instanceof Error ? error.message : String(error);
  return { code: undefined, message, fix: 'Look into the log with "Memory Central: Show Logs".' };
}

export function thrownError({ code, message, fix }: ErrorMessage): Error {
  return code ? new MemoryError(code, message, fix) : new Error(message);
}
