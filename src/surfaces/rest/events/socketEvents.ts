import type { WSEvents } from 'hono/ws';
import type { WebSocket } from 'ws';
import type { EventBatch } from './eventBatches.ts';

const GOING_AWAY = 1001;
const TRY_AGAIN = 1013;

/**
 * Batches as messages of a WebSocket: first `{"cursor": …}`, to go on from, then each event by itself.
 * @param heartbeatMs how often it is pinged; who has not answered by the next is gone
 * @param stallMs whoever takes nothing for so long is cut off
 */
export function socketEvents(
  batches: AsyncGenerator<EventBatch, void>,
  { heartbeatMs, stallMs }: { readonly heartbeatMs: number; readonly stallMs: number },
): WSEvents<unknown> {
  return {
    onOpen(_, { raw }) {
      const socket = raw as WebSocket;
      let answers = true;
      socket.on('pong', () => {
        answers = true;
      });
      const heart = setInterval(() => {
        if (!answers) return socket.terminate();
        answers = false;
        return socket.ping();
      }, heartbeatMs);
      socket.once('close', () => clearInterval(heart));
      // What is wrong with what it sends ends it.
      socket.on('error', () => {});
      tell(socket, batches, stallMs).then(
        () => socket.close(GOING_AWAY, 'The server stops.'),
        () => socket.close(TRY_AGAIN, 'Come back with the last id.'),
      );
    },
  };
}

async function tell(
  socket: WebSocket,
  batches: AsyncGenerator<EventBatch, void>,
  stallMs: number,
): Promise<void> {
  let isFirst = true;
  for await (const { cursor, events } of batches) {
    if (isFirst) await send(socket, { cursor }, stallMs);
    isFirst = false;
    for (const event of events) await send(socket, event, stallMs);
  }
}

/** Resolves once the system has it: what the client has not taken yet is not piled up here. */
function send(socket: WebSocket, message: object, stallMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stalled = setTimeout(() => socket.terminate(), stallMs);
    socket.send(JSON.stringify(message), error => {
      clearTimeout(stalled);
      if (error) reject(error);
      else resolve();
    });
  });
}
