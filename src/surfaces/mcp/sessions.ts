import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { Logger } from '../../engine/ports/logger.ts';
import type { McpServer } from './createMcpServer.ts';

const MOST_SESSIONS = 500;
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

interface Session extends McpServer {
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly namespace: string | undefined;
  usedAt: number;
  /** Requests and streams that are open now. */
  open: number;
}

/** Sessions of clients that speak 2025-11-25 or older, each with a server of its own; the idlest goes when there are too many. */
export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  readonly #create: (namespace: string | undefined) => McpServer;
  readonly #logger: Logger;
  readonly #sweep: NodeJS.Timeout;

  constructor(create: (namespace: string | undefined) => McpServer, logger: Logger) {
    this.#create = create;
    this.#logger = logger;
    this.#sweep = setInterval(() => this.#closeIdle(), SWEEP_MS).unref();
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    namespace: string | undefined,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (id !== undefined && (!known || known.namespace !== namespace)) return notFound(response);
    const session = known ?? (await this.#open(namespace));
    session.usedAt = Date.now();
    session.open += 1;
    response.once('close', () => {
      session.open -= 1;
      session.usedAt = Date.now();
    });
    await session.transport.handleRequest(request, response, body);
    if (!session.transport.sessionId) await session.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all(Array.from(this.#sessions.values(), ({ server }) => server.close()));
    this.#sessions.clear();
  }

  async #open(namespace: string | undefined): Promise<Session> {
    if (this.#sessions.size >= MOST_SESSIONS) this.#closeIdlest();
    const { server, subscriptions } = this.#create(namespace);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: id => void this.#sessions.set(id, session),
      onsessionclosed: id => void this.#sessions.delete(id),
    });
    const session = { server, subscriptions, transport, namespace, usedAt: Date.now(), open: 0 };
    server.onclose = () => {
      subscriptions[Symbol.dispose]();
      if (transport.sessionId) this.#sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    return session;
  }

  #closeIdle(): void {
    const before = Date.now() - IDLE_MS;
    for (const session of this.#sessions.values())
      if (session.open === 0 && session.usedAt < before) this.#close(session);
  }

  #closeIdlest(): void {
    const [idlest] = [...this.#sessions.values()].sort((a, b) => a.usedAt - b.usedAt);
    if (idlest) this.#close(idlest);
  }

  #close({ server }: Session): void {
    server.close().catch(error => this.#logger.debug('a session did not close', { error: String(error) }));
  }
}

/** The protocol's own answer, upon which a client begins a new session. */
function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
}
