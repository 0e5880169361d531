import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const REFUSED = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Answers who asks for another protocol than WebSocket: else such a connection would stay open, unanswered, for ever. */
export function upgradeOnlyToSockets(server: Server): void {
  const [upgrade] = server.listeners('upgrade') as Upgrade[];
  server.removeAllListeners('upgrade');
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') return upgrade?.(request, socket, head);
    socket.on('error', () => {});
    socket.end(REFUSED);
    return undefined;
  });
}
