import type { Server, ServerOptions } from 'node:http';
import { createServer as createSecure, type Server as SecureServer } from 'node:https';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { demandNotOpen } from '../http/authenticate.ts';
import { cutStalled } from '../http/cutStalled.ts';
import type { Drain } from '../http/drain.ts';
import { listen, urlOf } from '../http/listen.ts';
import { upgradeOnlyToSockets } from './events/upgradeOnlyToSockets.ts';
import { answerMalformed } from './requests/answerMalformed.ts';
import { createRestApp } from './restApp.ts';
import type { RestDeps, RestPart } from './restDeps.ts';

/** Calls that are being served when the server closes may finish within this time. */
const GRACE_MS = 3000;

/** Between two looks for connections that are to close, ms. */
const SWEEP_MS = 50;

/** Of a message to a stream of events, which are for listening. */
const MOST_HEARD_BYTES = 1024;

/** Against clients that send slowly, too much, or what others read otherwise than we do. */
const CAREFUL: ServerOptions = {
  ...{ requestTimeout: 30_000, headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
  ...{ keepAliveTimeout: 30_000, maxHeaderSize: 16_384, insecureHTTPParser: false, requireHostHeader: true },
};

/** What is served, and how a person chooses another port for it. */
export interface Served {
  /** Default: all of REST. */
  readonly parts?: readonly RestPart[];
  readonly portName?: string;
  /** For tests: how long a client may take to send, ms. */
  readonly times?: Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>;
}

export interface RestServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
}

/**
 * REST over HTTP.
 * @param port 0: any free one @param drain default: it goes at once
 * Rejects with `unavailable` when the port is taken, `invalid_input` when it would be open to others without asking who they are.
 */
export async function startRestServer(
  deps: RestDeps,
  port: number,
  drain?: Drain,
  { portName = '--api-port or API_PORT', parts, times }: Served = {},
): Promise<RestServer> {
  demandNotOpen(deps.host, deps.authenticate);
  const { encryption } = deps;
  const closing = new AbortController();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_HEARD_BYTES,
    perMessageDeflate: false,
  });
  const careful = { ...CAREFUL, ...times };
  const server = createAdaptorServer({
    fetch: createRestApp({ ...deps, closing: closing.signal }, parts).fetch,
    // Its types know no optional properties that may be undefined.
    websocket: { server: sockets as unknown as WebSocketServerLike },
    ...(encryption
      ? { createServer: createSecure, serverOptions: { ...careful, ...encryption.options } }
      : { serverOptions: careful }),
  }) as Server;
  encryption?.onChange(changed => (server as unknown as SecureServer).setSecureContext(changed));
  answerMalformed(server);
  cutStalled(server);
  upgradeOnlyToSockets(server);
  drain?.watch(server);
  const taken = await listen(server, deps.host, port, { host: '--host or API_HOST', port: portName });
  return {
    url: urlOf(deps.host, taken, '', encryption !== undefined),
    port: taken,
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve));
      server.closeIdleConnections();
      closing.abort();
      // Those that were answered meanwhile are idle now, and their clients keep them.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      await Promise.race([closed, new Promise(resolve => setTimeout(resolve, GRACE_MS).unref())]);
      clearInterval(sweep);
      server.closeAllConnections();
      for (const socket of sockets.clients) socket.terminate();
      await closed;
    },
  };
}
