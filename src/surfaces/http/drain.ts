import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Every balancer has heard by then that this instance takes nothing more. */
const TURN_AWAY_MS = 1000;
const READY = '/v1/health/ready';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * How one of several instances goes away without anybody noticing who asks through a balancer.
 * First it says that it is not ready, and still serves, so that a balancer that asks sends nothing more; then it turns away what comes all
 * the same (502, nothing of it was done), so that one that does not ask tries another; only then its port may close. Connections end with
 * the answers on them.
 */
export class Drain {
  readonly #graceMs: number;
  #isReady = true;
  #takes = true;

  /** @param graceMs 0: it goes at once, as where there is no balancer */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** From now on requests to `server` go through here. */
  watch(server: Server): void {
    const handlers = server.listeners('request') as Handler[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (!this.#isReady) response.setHeader('connection', 'close');
      if (!this.#takes) return refuse(response, 502);
      if (!this.#isReady && request.url?.split('?')[0] === READY) return refuse(response, 503);
      for (const handle of handlers) handle.call(server, request, response);
    });
    const upgrades = server.listeners('upgrade') as Upgrade[];
    // Where nobody listens for them, they are requests like any other.
    if (upgrades.length === 0) return;
    server.removeAllListeners('upgrade');
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A handshake would find what it needs closed, which no balancer tries elsewhere.
      if (!this.#takes) return refuseUpgrade(socket);
      for (const upgrade of upgrades) upgrade.call(server, request, socket, head);
    });
  }

  /** Resolves when nobody sends anything any more who looks. */
  async leave(): Promise<void> {
    if (this.#graceMs === 0) return;
    this.#isReady = false;
    await sleep(this.#graceMs);
    this.#takes = false;
    await sleep(TURN_AWAY_MS);
  }
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => {});
  socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n');
}

function refuse(response: ServerResponse, status: 502 | 503): void {
  const problem = {
    ...{ title: 'This instance is going away.', status, code: 'unavailable' },
    fix: 'Ask again: another one serves, or this one when it is back.',
  };
  response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '1' });
  response.end(`${JSON.stringify(problem)}\n`);
}
