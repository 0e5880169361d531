import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { checkNamespace } from '../../engine/model/namespace.ts';
import type { ToolSet } from '../../engine/model/toolSets.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CallTool } from '../../tools/callTool.ts';
import { type Authenticate, demandNotOpen, everybody, isRefusal, type Sender } from '../http/authenticate.ts';
import { BodyRoom, LARGEST_AT_ONCE } from '../http/bodyRoom.ts';
import { cutStalled } from '../http/cutStalled.ts';
import type { Drain } from '../http/drain.ts';
import { createHttpServer, type Encryption } from '../http/encryption.ts';
import { endWhenRefused } from '../http/endWhenRefused.ts';
import { type Refusal, refuseForeign } from '../http/guard.ts';
import { listen, urlOf } from '../http/listen.ts';
import { peerOf } from '../http/peerOf.ts';
import { type Discovery, metadataAddress, originOf, protectedResource } from '../http/protectedResource.ts';
import { refusalHeaders } from '../http/refusalHeaders.ts';
import { type CountRequests, requestRate } from '../http/requestRate.ts';
import type { BegunRequest, RequestWatch } from '../http/requestWatch.ts';
import { Turnstile } from '../http/turnstile.ts';
import { engineWork } from './engineWork.ts';
import { HttpEndpoint } from './httpEndpoint.ts';
import { missingScope } from './missingScope.ts';
import { MOST_BYTES, readJson } from './readJson.ts';
import type { SessionTimes } from './sessions.ts';

/** Calls that are being served when the server closes may finish within this time. */
const GRACE_MS = 3000;

const UNLIMITED = { inFlight: Number.POSITIVE_INFINITY, streams: Number.POSITIVE_INFINITY };

/** The transport of 2024-11-05: see docs/decisions.md. */
const NO_SSE =
  'HTTP+SSE, the transport of 2024-11-05, is not served. Connect by streamable HTTP at /mcp, or by stdio: memory-central mcp.';

export interface HttpServerOptions {
  /** Default: 127.0.0.1. Another than a loopback address needs a token. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** undefined: nobody is asked who they are. */
  readonly authenticate?: Authenticate;
  /** Where clients get tokens; default: from a person. */
  readonly discovery?: Discovery | undefined;
  /** Default: none. */
  readonly encryption?: Encryption | undefined;
  readonly call: CallTool;
  readonly engine: () => Promise<Engine>;
  /**
   * @param namespace of the address `/mcp/{namespace}`; undefined for `/mcp`
   * @param session unique; undefined for a request without one
   */
  readonly caller: (
    client: string | undefined,
    namespace: string | undefined,
    session: string | undefined,
    sender: Sender,
  ) => Caller;
  readonly version: string;
  /** Sets of tools that are offered; default: all. */
  readonly sets?: readonly ToolSet[] | undefined;
  readonly logger: Logger;
  /** Requests that are worked on at once, and streams of changes; default: as many as come. */
  readonly limits?: { readonly inFlight: number; readonly streams: number };
  /** Default: any number. */
  readonly rate?: CountRequests;
  /** false: clients of 2025-11-25 get none, so that several instances may serve them. Default: true. */
  readonly sessions?: boolean;
  /** Default: it goes at once. */
  readonly drain?: Drain | undefined;
  /** Default: nobody watches. */
  readonly watch?: RequestWatch;
  /** When sessions are over; for tests. */
  readonly sessionTimes?: SessionTimes;
}

export interface HttpServer extends AsyncDisposable {
  /** Of the MCP endpoint, such as `http://127.0.0.1:9000/mcp`. */
  readonly url: string;
  readonly port: number;
  /** Sessions that are open. */
  readonly sessions: number;
}

/**
 * MCP over streamable HTTP at `/mcp` and `/mcp/{namespace}`: 2026-07-28 without sessions, and 2025-11-25 with them.
 * Rejects with `unavailable` when the port is taken, `invalid_input` when it would be open to others without a token.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', logger, authenticate = everybody } = options;
  demandNotOpen(host, authenticate);
  const { call, caller, engine, version } = options;
  const closing = new AbortController();
  const endpoint = new HttpEndpoint({
    work: (namespace, session, sender) =>
      engineWork({ call, engine, caller: ({ name }) => caller(name, namespace, session, sender), logger }),
    version,
    sets: options.sets,
    logger,
    patience: closing.signal,
    sessions: options.sessions ?? true,
    sessionTimes: options.sessionTimes,
  });
  const posts = new Set<ServerResponse>();
  const { limits: { inFlight, streams } = UNLIMITED, rate = requestRate(0) } = options;
  const turnstiles = { streams: new Turnstile(streams), requests: new Turnstile(inFlight) };
  const room = new BodyRoom(MOST_BYTES * LARGEST_AT_ONCE);
  const server = createHttpServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      watched(request, response).catch(error => {
        // The client left before it had said everything.
        if (request.destroyed && !request.complete) return;
        logger.error('an HTTP request failed', { error: String(error) });
        if (!response.headersSent) answer(response, 500, 'The server failed; its log says why.');
        else response.destroy();
      });
    },
    options.encryption,
  );

  async function watched(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { watch } = options;
    if (!watch) return serve(request, response, () => {});
    let serving: Promise<void> | undefined;
    await watch(begunBy(request), async trace => {
      response.setHeader('traceparent', trace.traceparent);
      let principal: string | undefined;
      const began = answerBegan(response);
      serving = serve(request, response, ({ subject }) => {
        principal = subject;
      });
      // Streams go on for as long as their client likes.
      await Promise.race([began, serving]);
      return { route: routeOf(request.url), status: response.statusCode, principal };
    });
    await serving;
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    onSender: (sender: Sender) => void,
  ): Promise<void> {
    const refusal = refuseForeign(request.headers, host);
    if (refusal) return answer(response, refusal.status, refusal.message);
    if (!/^\/(?!\/)/.test(request.url ?? ''))
      return answer(response, 400, 'The address is no path of this server.');
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (pathname === '/v1/health') return answer(response, 200, 'ok');
    const { discovery } = options;
    const resource = discovery && protectedResource(pathname, originOfRequest(request), discovery);
    if (resource) return json(response, resource);
    const refuse = (refused: Refusal) => {
      const metadata = discovery && metadataAddress(originOfRequest(request), pathname);
      answer(response, refused.status, refused.message, refusalHeaders(refused, metadata));
    };
    const ask = () => authenticate(request.headers.authorization, peerOf(request.socket));
    const sender = await ask().catch(whileUnavailable);
    if (!sender) return answer(response, 503, 'Nobody can tell who you are just now. Try again.', RETRY);
    if (isRefusal(sender)) return refuse(sender);
    if (sender.subject !== undefined) endWhenRefused(response, ask);
    onSender(sender);
    const count = async (requests: number) => {
      const { headers, refusal: tooMany } = await rate(sender, requests);
      for (const [name, value] of headers) response.setHeader(name, value);
      return tooMany;
    };
    const tooMany = await count(1);
    if (tooMany) return refuse(tooMany);
    const match = /^\/mcp(?:\/(.+))?$/.exec(pathname.replace(/\/+$/, ''));
    if (!match)
      return answer(response, 404, pathname === '/sse' ? NO_SSE : 'MCP is at /mcp and /mcp/{namespace}.');
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) {
      response.setHeader('allow', 'GET, POST, DELETE');
      return answer(response, 405, 'MCP takes POST, GET and DELETE.');
    }
    const namespace = namespaceOf(match[1]);
    if (namespace === null) return answer(response, 400, 'The address names no valid namespace.');
    if (request.method !== 'POST') return endpoint.handle(request, response, undefined, namespace, sender);
    using held = room.hold(sender.subject);
    const body = await readJson(request, response, held);
    if (body === undefined) return;
    // Each of a batch is one, and one was counted.
    const more = Array.isArray(body.json) ? body.json.length - 1 : 0;
    const tooManyAtOnce = more > 0 ? await count(more) : undefined;
    if (tooManyAtOnce) return refuse(tooManyAtOnce);
    const scope = missingScope(body.json, sender);
    if (scope !== undefined)
      return refuse({
        ...{ status: 403, error: 'insufficient_scope', scope },
        message: `This needs the scope ${scope}, which your token does not have.`,
      });
    // A stream of changes never ends by itself.
    const listens = (body.json as { method?: unknown } | null)?.method === 'subscriptions/listen';
    // The client is gone, and nothing would say so once more.
    if (response.destroyed) return;
    const leave = turnstiles[listens ? 'streams' : 'requests'].enter(sender.subject);
    if (!leave) return answer(response, 429, 'The server does as much as it can. Nothing was done.', RETRY);
    response.once('close', leave);
    if (!listens) {
      posts.add(response);
      response.once('close', () => posts.delete(response));
    }
    await endpoint.handle(request, response, body.json, namespace, sender);
  }

  cutStalled(server);
  options.drain?.watch(server);
  const port = await listen(server, host, options.port, {
    host: '--host or MCP_HOST',
    port: '--port or MCP_PORT',
  });
  return {
    url: urlOf(host, port, '/mcp', options.encryption !== undefined),
    port,
    get sessions() {
      return endpoint.sessions;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeIdleConnections();
      closing.abort();
      await Promise.race([
        Promise.all(Array.from(posts, post => new Promise(resolve => post.once('close', resolve)))),
        new Promise(resolve => setTimeout(resolve, GRACE_MS)),
      ]);
      await endpoint[Symbol.asyncDispose]();
      server.closeAllConnections();
      await closed;
    },
  };
}

function begunBy({ headers, method = 'GET' }: IncomingMessage): BegunRequest {
  const { traceparent } = headers;
  return { method, traceparent: typeof traceparent === 'string' ? traceparent : undefined };
}

function answerBegan(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const writeHead = response.writeHead.bind(response);
    response.writeHead = ((...args: Parameters<typeof writeHead>) => {
      resolve();
      return writeHead(...args);
    }) as typeof response.writeHead;
  });
}

/** The namespace stays out of it. */
function routeOf(url: string | undefined): string {
  const [path] = (url ?? '').split('?');
  if (path === '/mcp' || path === '/v1/health') return path;
  return path?.startsWith('/mcp/') ? '/mcp/:namespace' : 'other';
}

/** null when it is not valid. */
function namespaceOf(segment: string | undefined): string | undefined | null {
  if (segment === undefined) return undefined;
  try {
    return checkNamespace(decodeURIComponent(segment));
  } catch {
    return null;
  }
}

function answer(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${message}\n`);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const RETRY = { 'retry-after': '2' };

/** The store, or the issuer of tokens, is out of reach. */
function whileUnavailable(error: unknown): undefined {
  if (!MemoryError.is(error, 'unavailable')) throw error;
}

function originOfRequest({ headers, socket }: IncomingMessage): string {
  const proto = headers['x-forwarded-proto'];
  const asked = { host: headers.host, forwardedProto: typeof proto === 'string' ? proto : undefined };
  return originOf(asked, (socket as TLSSocket).encrypted === true);
}
