import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CallTool } from '../../tools/callTool.ts';
import { textForModel } from '../../tools/toolResult.ts';
import { complete } from './completion.ts';
import { Deadline } from './deadline.ts';
import type { CallOptions, Client, McpWork } from './mcpWork.ts';
import { faultOf } from './protocolFault.ts';
import { listResources, readResource } from './resources.ts';
import { EngineResourceWatch } from './resourceWatch.ts';

const IDLE_MS = 60_000;

export interface EngineWorkOptions {
  readonly call: CallTool;
  /** Opens the engine at the first use. */
  readonly engine: () => Promise<Engine>;
  /** On whose behalf a client's request is done. */
  readonly caller: (client: Client) => Caller | Promise<Caller>;
  readonly logger: Logger;
  /** Milliseconds without progress after which a call is given up. Default 60 s. */
  readonly idleMs?: number;
}

/** MCP's requests on an engine. */
export function engineWork({ call, engine, caller, logger, idleMs }: EngineWorkOptions): McpWork {
  const work = async <T>(run: () => Promise<T>, data?: unknown): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw faultOf(error, logger, data);
    }
  };

  async function callTool(
    name: string,
    input: unknown,
    client: Client,
    { signal, onProgress }: CallOptions,
  ): Promise<CallToolResult> {
    using deadline = new Deadline(name, idleMs ?? IDLE_MS, signal);
    try {
      const running = Promise.resolve(caller(client)).then(who =>
        call(name, input, who, {
          signal: deadline.signal,
          onProgress: report => {
            deadline.progress();
            onProgress?.(report);
          },
        }),
      );
      const result = await deadline.race(running);
      return {
        content: [{ type: 'text', text: textForModel(result) }],
        structuredContent: result.structured,
      };
    } catch (error) {
      if (MemoryError.is(error)) return failure(error);
      if (signal.aborted) return failure(CANCELLED);
      throw faultOf(error, logger);
    }
  }

  return {
    callTool,
    listResources: client => work(async () => listResources(await engine(), await caller(client))),
    readResource: (uri, client) =>
      work(async () => readResource(uri, await engine(), await caller(client)), { uri }),
    complete: (params, client) => work(async () => complete(params, await engine(), await caller(client))),
    watchResources: (client, changed) =>
      work(async () => new EngineResourceWatch(await engine(), await caller(client), changed, logger)),
  };
}

const CANCELLED = new MemoryError(
  'cancelled',
  'The call was cancelled.',
  'What was done until then stays done.',
);

/** As the model reads it: what happened, and what to do next. */
function failure(error: MemoryError): CallToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: `${error.code}: ${error.message} ${error.fix}` }],
  };
}
