import type { EngineStatus } from '../../../engine/engine.ts';
import { type ErrorCode, MemoryError } from '../../../engine/errors.ts';
import type { Agent } from '../../../engine/model/agent.ts';
import type { Caller } from '../../../engine/model/caller.ts';
import type { Anchor } from '../../../engine/model/memory.ts';
import type { TaskState } from '../../../engine/model/task.ts';
import type { WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { Effect, Progress } from '../../../tools/defineTool.ts';
import type { ToolResult } from '../../../tools/toolResult.ts';
import type { MapAnswer, Question, Row, RowPage, WholeMemory } from '../webviews/messages/browserProtocol.ts';
import type { DashboardSample } from '../webviews/messages/dashboardProtocol.ts';
import type { AnchoredFile, PlaceNow } from './anchored.ts';
import type { Board } from './board.ts';
import type { BrowseRequest, DayCounts } from './browse.ts';
import type { Conflicts } from './conflicts.ts';
import type { DashboardQuestion } from './dashboardSource.ts';
import type { MapRequest } from './map.ts';
import type { SessionEntry } from './sessionRecords.ts';
import type { TagCount } from './tagCounts.ts';

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

/** What agents of a namespace do together, as a document shows it; `id` with `task` only. */
export interface WorkPage {
  readonly kind: 'tasks' | 'task' | 'agents' | 'contexts';
  readonly namespace: string;
  readonly id?: string;
}

/** Who is here, and what is to be done. */
export interface Team {
  /** The agent that this window is. */
  readonly self: string;
  /** Without those that are offline for long; by id. */
  readonly agents: readonly Agent[];
  readonly tasks: Readonly<Record<TaskState, number>>;
}

/** Somebody else who works here, or has. */
export interface Other {
  /** Of the agent; of the client where no agent of it is known any more. */
  readonly id: string;
  readonly client: string;
  readonly name: string;
  readonly presence: Agent['presence'] | 'gone';
  /** When it was seen last, or stored something: ms since the epoch */
  readonly at: number;
  /** Titles of what it works on, a few. */
  readonly tasks: readonly string[];
  /** Title of the memory that its client stored last. */
  readonly stored?: string;
}

/** What a person hears of a task. */
export interface TaskNews {
  readonly title: string;
  readonly state: TaskState;
  /** This window distributed it; or one of this user's that is gone. */
  readonly mine: boolean;
  /** Name of the agent that had it. */
  readonly by: string;
  readonly question: string | null;
  readonly reason: string | null;
}

/** A central Redis that answered. */
export interface RedisTrial {
  /** What it is, such as its address and version. */
  readonly summary: string;
  /** What is wrong there all the same. */
  readonly problems: readonly string[];
}

/** What one check of the machine or the memory found. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly fix?: string;
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
  /** `formerNames` are looked for too; `trusted`: its folder is. */
  anchoredIn: {
    readonly input: {
      readonly file: string;
      readonly formerNames: readonly string[];
      readonly trusted: boolean;
      readonly caller: Caller;
    };
    readonly answer: AnchoredFile;
  };
  /** What a file was called before; of a trusted folder, since git is asked. */
  formerNames: { readonly input: { readonly file: string }; readonly answer: readonly string[] };
  placesOf: {
    readonly input: { readonly id: string; readonly caller: Caller };
    readonly answer: readonly PlaceNow[];
  };
  board: { readonly input: { readonly caller: Caller }; readonly answer: Board };
  /** Newest first. */
  sessions: { readonly input: { readonly caller: Caller }; readonly answer: readonly SessionEntry[] };
  /** Most used first. */
  tags: { readonly input: { readonly caller: Caller }; readonly answer: readonly TagCount[] };
  /** `after`: position that was looked at last. */
  conflicts: {
    readonly input: { readonly after: number; readonly caller: Caller };
    readonly answer: Conflicts;
  };
  team: { readonly input: { readonly caller: Caller }; readonly answer: Team };
  /** Newest first. */
  others: { readonly input: { readonly caller: Caller }; readonly answer: readonly Other[] };
  /** `agent` as an event names it. Rejects with `not_found` for a task that is not there. */
  taskNews: {
    readonly input: {
      readonly namespace: string;
      readonly id: string;
      readonly agent: string;
      readonly caller: Caller;
    };
    readonly answer: TaskNews;
  };
  browse: { readonly input: BrowseRequest & { readonly caller: Caller }; readonly answer: RowPage };
  browseDays: {
    readonly input: { readonly question: Question; readonly caller: Caller };
    readonly answer: DayCounts;
  };
  map: { readonly input: MapRequest & { readonly caller: Caller }; readonly answer: MapAnswer };
  similarRows: {
    readonly input: { readonly id: string; readonly caller: Caller };
    readonly answer: readonly Row[];
  };
  wholeMemory: {
    readonly input: { readonly id: string; readonly caller: Caller };
    readonly answer: WholeMemory;
  };
  /** Markdown. */
  readPage: { readonly input: { readonly page: WorkPage; readonly caller: Caller }; readonly answer: string };
  dashboard: { readonly input: DashboardQuestion; readonly answer: DashboardSample };
  /** Rejects with what is wrong and what to do where it cannot be used. @param overrides settings in place of those that are in force */
  tryRedis: {
    readonly input: { readonly overrides: Readonly<Record<string, unknown>> };
    readonly answer: RedisTrial;
  };
  /** Everything the memory needs, by using it. */
  examine: { readonly input: null; readonly answer: readonly Finding[] };
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
  | { readonly kind: 'event'; readonly event: WorkEvent }
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
