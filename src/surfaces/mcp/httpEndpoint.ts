import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NodeIncomingMessageLike, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { Logger } from '../../engine/ports/logger.ts';
import { createMcpServer, type McpServer } from './createMcpServer.ts';
import { ListenBus } from './listenBus.ts';
import { listening } from './listening.ts';
import type { McpWork } from './mcpWork.ts';
import { Sessions } from './sessions.ts';
import { listTools } from './toolListing.ts';

export interface HttpEndpointOptions {
  /** The memory as clients of a namespace see it; undefined: the server's own. */
  readonly work: (namespace: string | undefined) => McpWork;
  readonly version: string;
  readonly logger: Logger;
}

interface Exchange {
  readonly namespace: string | undefined;
  readonly body: unknown;
}

/** Both protocol generations at one address: 2026-07-28 without sessions, 2025-11-25 and older with them. */
export class HttpEndpoint implements AsyncDisposable {
  readonly #modern: McpHttpHandler;
  readonly #serveModern: ReturnType<typeof toNodeHandler>;
  readonly #sessions: Sessions;
  /** The request that is being served, for those whom the SDK does not hand it. */
  readonly #exchange = new AsyncLocalStorage<Exchange>();

  constructor({ work, version, logger }: HttpEndpointOptions) {
    const create = (namespace: string | undefined): McpServer => {
      const own = work(namespace);
      return createMcpServer({ tools: listTools(), work: async () => own, version });
    };
    const listener = () => {
      const { namespace, body } = this.#exchange.getStore() ?? {};
      const { method, params } = (body ?? {}) as { method?: unknown; params?: unknown };
      return method === 'subscriptions/listen' ? { ...listening(params), work: work(namespace) } : undefined;
    };
    this.#modern = createMcpHandler(() => create(this.#exchange.getStore()?.namespace).server, {
      legacy: 'reject',
      bus: new ListenBus(listener, logger),
      onerror: error => logger.debug('protocol', { error: error.message }),
    });
    this.#serveModern = toNodeHandler(this.#modern);
    this.#sessions = new Sessions(create, logger);
  }

  /** @param body parsed JSON of a POST */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    namespace: string | undefined,
  ): Promise<void> {
    const incoming = request as NodeIncomingMessageLike;
    if (await isLegacyRequest(await toWebRequest(incoming, body), body)) {
      return this.#sessions.handle(request, response, body, namespace);
    }
    await this.#exchange.run({ namespace, body }, () => this.#serveModern(incoming, response, body));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sessions[Symbol.asyncDispose]();
    await this.#modern.close();
  }
}
