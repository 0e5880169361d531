import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** What Node's parser refuses, by its code; all else is 400. */
const STATUS: Readonly<Record<string, readonly [status: number, reason: string, title: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Content Too Large', 'The chunks are too much.'],
};
const MALFORMED = [400, 'Bad Request', 'That is no HTTP request.'] as const;
/** Who does not read what it is told is not waited for, ms. */
const GRACE_MS = 1000;

/** Says in a problem what cannot even be read as a request, and ends its connection. */
export function answerMalformed(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, reason, title] = STATUS[error.code ?? ''] ?? MALFORMED;
    const body = JSON.stringify({
      title,
      status,
      code: 'invalid_input',
      fix: 'Send a plain HTTP/1.1 request.',
    });
    const head = [
      `HTTP/1.1 ${status} ${reason}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.setTimeout(GRACE_MS, () => socket.destroy());
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    return undefined;
  });
}
