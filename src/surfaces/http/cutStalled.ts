import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Node cuts off at the second look that finds nothing taken. Other than any time that it gives a connection itself, which this is told from. */
const STALLED_MS = 20_000;

/**
 * Cuts off who takes nothing of the answer that it asked for: a few hundred of several MB each, which nobody reads, would take all memory
 * that there is. What an answer that goes on waits for is no concern of this: it has not ended.
 * @param stalledMs for tests
 */
export function cutStalled(server: Server, stalledMs = STALLED_MS): void {
  // Before whoever answers, perhaps at once.
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    response.once('prefinish', () => {
      const { socket } = response;
      // Nearly all are with the system by now.
      if (!socket || socket.writableLength === 0) return;
      socket.setTimeout(stalledMs);
      // Another request may have come meanwhile, whose time is its own.
      response.once('finish', () => {
        if (socket.timeout === stalledMs) socket.setTimeout(0);
      });
    });
  });
}
