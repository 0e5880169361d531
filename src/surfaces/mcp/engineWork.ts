import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { demandScope } from '../../engine/model/rights.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CallTool } from '../../tools/callTool.ts';
import { textForModel } from '../../tools/toolResult.ts';
import { complete } from './completion.ts';
import { Deadline } from './deadline.ts';
import type { CallOptions, Client, McpWork } from './mcpWork.ts';
import { faultOf } from './protocolFault.ts';
import { listResources, readResource } from './resources.ts';
import { EngineResourceWatch } from './resourceWatch.ts';
import { SessionAgent } from './sessionAgent.ts';

const IDLE_MS = 60_000;
/** Calls that take no notice of their end are waited for so long. */
const CLOSE_MS = 2000;

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

/** MCP's requests on an engine, of one session or of one request without a session. */
export function engineWork({ call, engine, caller, logger, idleMs }: EngineWorkOptions): McpWork {
  const work = async <T>(run: () => Promise<T>, data?: unknown): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw faultOf(error, logger, data);
    }
  };

  /** Whoever is shown anything but a tool's answer. */
  const reader = async (client: Client): Promise<Caller> => {
    const who = await caller(client);
    demandScope(who, 'read');
    return who;
  };

  const agent = new SessionAgent(engine, logger);
  const running = new Set<Promise<unknown>>();
  /** Fires when the client is gone: nobody waits any more for what is done for it. */
  let gone = new AbortController();

  async function callTool(
    name: string,
    input: unknown,
    client: Client,
    { signal, patience, onProgress }: CallOptions,
  ): Promise<CallToolResult> {
    using deadline = new Deadline(name, idleMs ?? IDLE_MS, signal);
    try {
      const who = await caller(client);
      agent.begin(who);
      const { signal: away } = gone;
      const answer = call(name, input, who, {
        signal: AbortSignal.any([deadline.signal, away]),
        patience,
        onProgress: report => {
          deadline.progress();
          onProgress?.(report);
        },
      });
      const appear = () => {
        if (!away.aborted) agent.appear(who);
      };
      const ended = answer.then(appear, appear);
      running.add(ended);
      void ended.finally(() => running.delete(ended));
      const result = await deadline.race(answer);
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
    listResources: client => work(async () => listResources(await engine(), await reader(client))),
    readResource: (uri, client) =>
      work(async () => readResource(uri, await engine(), await reader(client)), { uri }),
    complete: (params, client) => work(async () => complete(params, await engine(), await reader(client))),
    watchResources: (client, changed) =>
      work(async () => new EngineResourceWatch(await engine(), await reader(client), changed, logger)),
    leave() {
      gone.abort();
      gone = new AbortController();
      return agent.leave();
    },
    async close() {
      // What still runs may register the agent: it would be kept alive for nobody.
      await Promise.race([Promise.all(running), sleep(CLOSE_MS, undefined, { ref: false })]);
      await agent[Symbol.asyncDispose]();
    },
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
