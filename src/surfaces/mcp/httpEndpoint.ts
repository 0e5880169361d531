import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { ToolSet } from '../../engine/model/toolSets.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Sender } from '../http/authenticate.ts';
import { createMcpServer } from './createMcpServer.ts';
import { ListenBus } from './listenBus.ts';
import { listening } from './listening.ts';
import type { McpWork } from './mcpWork.ts';
import { type SessionServer, Sessions, type SessionTimes } from './sessions.ts';
import { listTools } from './toolListing.ts';

export interface HttpEndpointOptions {
  /**
   * The memory as a client of a namespace sees it.
   * @param namespace undefined: the server's own @param session undefined: a request without one
   */
  readonly work: (namespace: string | undefined, session: string | undefined, sender: Sender) => McpWork;
  readonly version: string;
  /** Of the tools; undefined: all. */
  readonly sets: readonly ToolSet[] | undefined;
  readonly logger: Logger;
  /** Fires when the server is about to close: whoever waits is answered. */
  readonly patience: AbortSignal;
  readonly sessionTimes?: SessionTimes | undefined;
  /** false: every request stands alone, so that any instance behind a balancer may serve it. */
  readonly sessions: boolean;
}

interface Exchange {
  readonly sender: Sender;
  readonly namespace: string | undefined;
  readonly body: unknown;
}

/** Both protocol generations at one address: 2026-07-28 without sessions, 2025-11-25 and older with them, unless there are none. */
export class HttpEndpoint implements AsyncDisposable {
  readonly #modern: McpHttpHandler;
  readonly #serveModern: ReturnType<typeof toNodeHandler>;
  /** undefined: there are none. */
  readonly #sessions: Sessions | undefined;
  /** The request that is being served, for those whom the SDK does not hand it. */
  readonly #exchange = new AsyncLocalStorage<Exchange>();

  constructor({ work, version, sets, logger, patience, sessions, sessionTimes }: HttpEndpointOptions) {
    const create = (namespace: string | undefined, sender: Sender, session?: string): SessionServer => {
      const own = work(namespace, session, sender);
      const server = createMcpServer({ tools: listTools(sets), work: async () => own, version, patience });
      return { ...server, work: own };
    };
    const listener = () => {
      const { namespace, body, sender = {} } = this.#exchange.getStore() ?? {};
      const { method, params } = (body ?? {}) as { method?: unknown; params?: unknown };
      return method === 'subscriptions/listen'
        ? { ...listening(params), work: work(namespace, undefined, sender) }
        : undefined;
    };
    this.#modern = createMcpHandler(
      () => {
        const { namespace, sender } = this.#exchange.getStore()!;
        return create(namespace, sender).server;
      },
      {
        legacy: sessions ? 'reject' : 'stateless',
        bus: new ListenBus(listener, logger),
        onerror: error => logger.debug('protocol', { error: error.message }),
      },
    );
    this.#serveModern = toNodeHandler(this.#modern);
    if (sessions) this.#sessions = new Sessions(create, logger, sessionTimes);
  }

  /** @param body parsed JSON of a POST */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    namespace: string | undefined,
    sender: Sender,
  ): Promise<void> {
    const incoming = request as NodeIncomingMessageLike;
    if (this.#sessions && (await isLegacyRequest(await toWebRequest(incoming, body), body))) {
      return this.#sessions.handle(request, response, body, namespace, sender);
    }
    await this.#exchange.run({ namespace, body, sender }, () => this.#serveModern(incoming, response, body));
  }

  /** Sessions that are open. */
  get sessions(): number {
    return this.#sessions?.size ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sessions?.[Symbol.asyncDispose]();
    await this.#modern.close();
  }
}
