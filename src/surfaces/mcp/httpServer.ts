import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Engine } from '../../engine/engine.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import { checkNamespace } from '../../engine/model/namespace.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { CallTool } from '../../tools/callTool.ts';
import { engineWork } from './engineWork.ts';
import { isLoopback, refuse } from './guard.ts';
import { HttpEndpoint } from './httpEndpoint.ts';
import { readJson } from './readJson.ts';

/** Calls that are being served when the server closes may finish within this time. */
const GRACE_MS = 3000;

export interface HttpServerOptions {
  /** Default: 127.0.0.1. Another than a loopback address needs a token. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Every request must bear it; undefined: no token is asked for. */
  readonly token?: string;
  readonly call: CallTool;
  readonly engine: () => Promise<Engine>;
  /** @param namespace of the address `/mcp/{namespace}`; undefined for `/mcp` */
  readonly caller: (client: string | undefined, namespace: string | undefined) => Caller;
  readonly version: string;
  readonly logger: Logger;
}

export interface HttpServer extends AsyncDisposable {
  /** Of the MCP endpoint, such as `http://127.0.0.1:9000/mcp`. */
  readonly url: string;
  readonly port: number;
}

/**
 * MCP over streamable HTTP at `/mcp` and `/mcp/{namespace}`: 2026-07-28 without sessions, and 2025-11-25 with them.
 * Rejects with `unavailable` when the port is taken, `invalid_input` when it would be open to others without a token.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host = '127.0.0.1', logger, token } = options;
  if (!isLoopback(host) && token === undefined) {
    throw new MemoryError(
      'invalid_input',
      `${host} is open to other machines.`,
      'Listen on 127.0.0.1, or ask for a token.',
    );
  }
  const { call, caller, engine, version } = options;
  const endpoint = new HttpEndpoint({
    work: namespace => engineWork({ call, engine, caller: ({ name }) => caller(name, namespace), logger }),
    version,
    logger,
  });
  const posts = new Set<ServerResponse>();
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 30_000 },
    (request, response) => {
      serve(request, response).catch(error => {
        // The client left before it had said everything.
        if (request.destroyed && !request.complete) return;
        logger.error('an HTTP request failed', { error: String(error) });
        if (!response.headersSent) answer(response, 500, 'The server failed; its log says why.');
        else response.destroy();
      });
    },
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refuse(request, host, request.url === '/v1/health' ? undefined : token);
    if (refusal) return answer(response, refusal.status, refusal.message);
    if (!/^\/(?!\/)/.test(request.url ?? ''))
      return answer(response, 400, 'The address is no path of this server.');
    const { pathname } = new URL(request.url!, 'http://localhost');
    if (pathname === '/v1/health') return answer(response, 200, 'ok');
    const match = /^\/mcp(?:\/(.+))?$/.exec(pathname.replace(/\/+$/, ''));
    if (!match) return answer(response, 404, 'MCP is at /mcp and /mcp/{namespace}.');
    if (!['GET', 'POST', 'DELETE'].includes(request.method ?? '')) {
      response.setHeader('allow', 'GET, POST, DELETE');
      return answer(response, 405, 'MCP takes POST, GET and DELETE.');
    }
    const namespace = namespaceOf(match[1]);
    if (namespace === null) return answer(response, 400, 'The address names no valid namespace.');
    if (request.method !== 'POST') return endpoint.handle(request, response, undefined, namespace);
    const body = await readJson(request, response);
    if (body === undefined) return;
    // A stream of changes never ends by itself.
    if ((body.json as { method?: unknown } | null)?.method !== 'subscriptions/listen') {
      posts.add(response);
      response.once('close', () => posts.delete(response));
    }
    await endpoint.handle(request, response, body.json, namespace);
  }

  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/mcp`,
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeIdleConnections();
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

/** null when it is not valid. */
function namespaceOf(segment: string | undefined): string | undefined | null {
  if (segment === undefined) return undefined;
  try {
    return checkNamespace(decodeURIComponent(segment));
  } catch {
    return null;
  }
}

function answer(response: ServerResponse, status: number, message: string): void {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  };
  response.writeHead(status, headers).end(`${message}\n`);
}

function listen(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      reject(
        new MemoryError(
          'unavailable',
          taken
            ? `Port ${port} of ${host} is taken.`
            : `${host}:${port} cannot be listened on: ${error.message}`,
          taken
            ? 'Stop the other server, or choose another port with MCP_PORT (0: any free one).'
            : 'Choose another MCP_HOST or MCP_PORT.',
          { cause: error },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
