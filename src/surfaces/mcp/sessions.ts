import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import type { Server } from '@modelcontextprotocol/server';
import type { Logger } from '../../engine/ports/logger.ts';

const MOST_SESSIONS = 500;
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;

interface Session {
  readonly server: Server;
  readonly transport: NodeStreamableHTTPServerTransport;
  usedAt: number;
  open: number;
}

/** Sessions of clients that speak 2025-11-25 or older, each with a server of its own; the idlest goes when there are too many. */
export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  readonly #create: () => Server;
  readonly #logger: Logger;
  readonly #sweep: NodeJS.Timeout;

  constructor(create: () => Server, logger: Logger) {
    this.#create = create;
    this.#logger = logger;
    this.#sweep = setInterval(() => this.#closeIdle(), SWEEP_MS).unref();
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (id !== undefined && !known) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
      return;
    }
    const session = known ?? (await this.#open());
    session.usedAt = Date.now();
    session.open += 1;
    response.once('close', () => {
      session.open -= 1;
    });
    await session.transport.handleRequest(request, response, body);
    if (!session.transport.sessionId) await session.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all(Array.from(this.#sessions.values(), ({ server }) => server.close()));
    this.#sessions.clear();
  }

  async #open(): Promise<Session> {
    if (this.#sessions.size >= MOST_SESSIONS) await this.#closeIdlest();
    const server = this.#create();
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: id => void this.#sessions.set(id, session),
      onsessionclosed: id => void this.#sessions.delete(id),
    });
    const session: Session = { server, transport, usedAt: Date.now(), open: 0 };
    await server.connect(transport);
    return session;
  }

  #closeIdle(): void {
    const before = Date.now() - IDLE_MS;
    for (const [id, session] of this.#sessions)
      if (session.open === 0 && session.usedAt < before) this.#close(id, session);
  }

  async #closeIdlest(): Promise<void> {
    const [first] = [...this.#sessions].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    if (first) this.#close(...first);
  }

  #close(id: string, session: Session): void {
    this.#sessions.delete(id);
    session.server
      .close()
      .catch(error => this.#logger.debug('a session did not close', { error: String(error) }));
  }
}
