import type {
  CallToolResult,
  CompleteRequestParams,
  CompleteResult,
  ReadResourceResult,
  Resource,
} from '@modelcontextprotocol/server';
import type { Progress } from '../../tools/defineTool.ts';

/** The client of a request. */
export interface Client {
  /** As it names itself; undefined when it did not. */
  readonly name: string | undefined;
  /** Folders it works in; empty when it offers none. Asked of the client at most once a session. */
  roots(): Promise<readonly string[]>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Fires when the client asks nothing more: what waits for something to happen answers with what there is. */
  readonly patience?: AbortSignal | undefined;
  readonly onProgress?: (report: Progress) => void;
}

/** Watched beside addresses: which memories `resources/list` shows. */
export const RESOURCE_LIST = 'resources/list';

/** Addresses (or `RESOURCE_LIST`) whose changes are told to one client. Nothing is watched while it is empty. */
export interface ResourceWatch extends Disposable {
  /** From now on; resolves when a later change is sure to be seen. */
  add(uri: string): Promise<void>;
  remove(uri: string): void;
}

/**
 * What MCP requests need of the memory. A server is made without it, so that a client has its list of tools before anything heavy
 * is loaded. Rejects with `ProtocolFault`s only.
 */
export interface McpWork {
  callTool(name: string, input: unknown, client: Client, options: CallOptions): Promise<CallToolResult>;
  listResources(client: Client): Promise<Resource[]>;
  readResource(uri: string, client: Client): Promise<ReadResourceResult>;
  complete(params: CompleteRequestParams, client: Client): Promise<CompleteResult>;
  watchResources(client: Client, changed: (uri: string) => void): Promise<ResourceWatch>;
  /** Nobody hears of its client any more: its agent leaves, and what it held goes to others. It may come back. Rejects never. */
  leave(): Promise<void>;
  /** The session has ended. Rejects never. */
  close(): Promise<void>;
}
