import type { EventBatch } from './eventBatches.ts';

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  connection: 'close',
  'x-accel-buffering': 'no',
} as const;

/** A client that lost its stream comes back after this, ms. */
const RETRY_MS = 2000;

/**
 * Batches as server-sent events: each event's id is the cursor to go on from, and an id alone tells how far an empty batch went.
 * @param stallMs whoever takes nothing for so long is cut off @param end called once, when the stream is over however it ended
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function sseResponse(
  batches: AsyncGenerator<EventBatch, void>,
  stallMs: number,
  end: () => void,
): Response {
  const encoder = new TextEncoder();
  let stalled: NodeJS.Timeout | undefined;
  let prelude = `retry: ${RETRY_MS}\n`;
  const over = () => {
    clearTimeout(stalled);
    end();
  };
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(stalled);
      try {
        const { done, value } = await batches.next();
        if (done) {
          over();
          return controller.close();
        }
        controller.enqueue(encoder.encode(prelude + textOf(value)));
        prelude = '';
        stalled = setTimeout(() => {
          over();
          controller.error(new Error('The client reads nothing.'));
        }, stallMs);
      } catch {
        // The client comes back with the last id, and is told by the answer to that what is wrong.
        over();
        controller.close();
      }
    },
    cancel: over,
  });
  return new Response(body, { headers: SSE_HEADERS });
}

function textOf({ cursor, events }: EventBatch): string {
  const told = events.map(
    event => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  );
  return `${told.join('')}: alive\nid: ${cursor}\n\n`;
}
