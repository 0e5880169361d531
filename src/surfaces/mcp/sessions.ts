import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { OFFLINE_MS } from '../../engine/model/agent.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Sender } from '../http/authenticate.ts';
import type { McpServer } from './createMcpServer.ts';
import { EventLog, KEPT_CHARS } from './eventLog.ts';
import type { McpWork } from './mcpWork.ts';

const MOST_SESSIONS = 2000;
/** What all of them were told last, in characters of JSON: each keeps its share. */
const ALL_KEPT_CHARS = 50_000_000;

/** A session has the rights that it was opened with: with others another one is opened. */
function isSame(one: Sender, other: Sender): boolean {
  return one.subject === other.subject && JSON.stringify(one.rights) === JSON.stringify(other.rights);
}

/** Milliseconds. */
export interface SessionTimes {
  /** Unused so long a session is closed. */
  readonly idle: number;
  /** A client that kept a stream open and does so no more, or left before its answer came, is gone after so long; one that never did is waited for until `idle`. */
  readonly gone: number;
  /** Between two looks. */
  readonly sweep: number;
}

const TIMES: SessionTimes = { idle: 30 * 60_000, gone: OFFLINE_MS, sweep: 30_000 };

export interface SessionServer extends McpServer {
  readonly work: McpWork;
}

interface Session extends SessionServer {
  readonly transport: NodeStreamableHTTPServerTransport;
  readonly log: EventLog;
  readonly namespace: string | undefined;
  readonly sender: Sender;
  /** It keeps a stream open while its client lives, or broke one off. */
  streams: boolean;
  /** By a clock that nobody sets. */
  usedAt: number;
  /** Requests and streams that are open now. */
  open: number;
}

/** Sessions of clients that speak 2025-11-25 or older, each with a server of its own; one goes when there are too many. */
export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  readonly #create: (namespace: string | undefined, sender: Sender, session: string) => SessionServer;
  readonly #logger: Logger;
  readonly #times: SessionTimes;
  readonly #sweep: NodeJS.Timeout;
  /** Sessions that have ended, until their agents have left. */
  readonly #leaving = new Set<Promise<void>>();

  /** @param create its last argument tells sessions apart, and is no secret */
  constructor(
    create: (namespace: string | undefined, sender: Sender, session: string) => SessionServer,
    logger: Logger,
    times: SessionTimes = TIMES,
  ) {
    this.#create = create;
    this.#logger = logger;
    this.#times = times;
    this.#sweep = setInterval(() => this.#look(), times.sweep).unref();
  }

  get size(): number {
    return this.#sessions.size;
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    namespace: string | undefined,
    sender: Sender,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    // Another's session is as unknown as one that never was.
    const own = known?.namespace === namespace && known !== undefined && isSame(known.sender, sender);
    if (id !== undefined && (!known || !own)) return notFound(response);
    const session = known ?? (await this.#open(namespace, sender));
    session.usedAt = performance.now();
    session.streams ||= request.method === 'GET';
    session.open += 1;
    response.once('close', () => {
      // Whoever does not wait for its answer may be gone.
      session.streams ||= !response.writableFinished;
      session.open -= 1;
      session.usedAt = performance.now();
    });
    await session.transport.handleRequest(request, response, body);
    if (!session.transport.sessionId) await session.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all(Array.from(this.#sessions.values(), ({ server }) => server.close()));
    this.#sessions.clear();
    await Promise.all(this.#leaving);
  }

  async #open(namespace: string | undefined, sender: Sender): Promise<Session> {
    const surplus = this.#sessions.size >= MOST_SESSIONS && surplusOf([...this.#sessions.values()]);
    if (surplus) this.#close(surplus);
    // Whoever knows the id of a session speaks for it: what names its agent is another.
    const { server, subscriptions, work } = this.#create(namespace, sender, randomUUID());
    const log = new EventLog(() => Math.min(KEPT_CHARS, ALL_KEPT_CHARS / this.#sessions.size));
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: log,
      onsessioninitialized: id => void this.#sessions.set(id, session),
      onsessionclosed: id => void this.#sessions.delete(id),
    });
    const session = {
      ...{ server, subscriptions, work, transport, log, namespace, sender },
      ...{ streams: false, usedAt: performance.now(), open: 0 },
    };
    server.onclose = () => {
      subscriptions[Symbol.dispose]();
      if (transport.sessionId) this.#sessions.delete(transport.sessionId);
      const left = work.close();
      this.#leaving.add(left);
      void left.then(() => this.#leaving.delete(left));
    };
    await server.connect(transport);
    return session;
  }

  #look(): void {
    const now = performance.now();
    for (const session of this.#sessions.values()) {
      session.log.trim();
      if (session.open > 0) continue;
      if (session.usedAt < now - this.#times.idle) this.#close(session);
      else if (session.streams && session.usedAt < now - this.#times.gone) void session.work.leave();
    }
  }

  #close({ server }: Session): void {
    server.close().catch(error => this.#logger.debug('a session did not close', { error: String(error) }));
  }
}

/** The idlest of whoever has the most: nobody's is closed because another opens too many. */
export function surplusOf<T extends { readonly sender: Sender; readonly usedAt: number }>(
  sessions: readonly T[],
): T | undefined {
  const owned = new Map<string, T[]>();
  for (const session of sessions) {
    const owner = session.sender.subject ?? '';
    const own = owned.get(owner);
    if (own) own.push(session);
    else owned.set(owner, [session]);
  }
  const [most = []] = [...owned.values()].sort((a, b) => b.length - a.length);
  return most.toSorted((a, b) => a.usedAt - b.usedAt)[0];
}

/** The protocol's own answer, upon which a client begins a new session. */
function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
}
