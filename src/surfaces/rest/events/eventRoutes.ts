import { type HttpBindings, upgradeWebSocket } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { findTool } from '../../../tools/registry.ts';
import { Turnstile } from '../../http/turnstile.ts';
import { accepts } from '../requests/accept.ts';
import { readQuery } from '../requests/readQuery.ts';
import { RequestRefused } from '../requests/requestRefused.ts';
import { routes } from '../resources/routes.ts';
import { shapeOf } from '../resources/shape.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { type EventBatch, eventBatches } from './eventBatches.ts';
import { socketEvents } from './socketEvents.ts';
import { SSE_HEADERS, sseResponse } from './sseResponse.ts';

/** Who takes nothing for so many heartbeats is cut off. */
const STALLED_HEARTBEATS = 4;
const watchEvents = routes.find(({ tool }) => tool === 'watch_events')!;

/**
 * `GET /v1/events` as a stream that goes on: server-sent events for who accepts them, a WebSocket for who asks for one. Else it is answered by the
 * tool, once.
 */
export function eventRoutes(deps: RestDeps): Hono<RestEnv> {
  const app = new Hono<RestEnv>();
  const { heartbeatMs, streams } = deps.limits;
  const stallMs = heartbeatMs * STALLED_HEARTBEATS;
  const open = new Turnstile(streams);
  const upgrade = upgradeWebSocket(async c => {
    const { batches, end } = await openStream(c as Context<RestEnv>, deps, open);
    // A handshake that fails never opens.
    (c.env as HttpBindings).incoming.socket.once('close', end);
    return socketEvents(batches, { heartbeatMs, stallMs });
  });
  app.get('/v1/events', async (c, next) => {
    if (c.req.header('upgrade')?.toLowerCase() === 'websocket') {
      // Node hands over a connection only where it was asked to; else there is an answer to give.
      if ((c.env as Partial<HttpBindings>).outgoing) throw notUpgraded();
      return upgrade(c, next);
    }
    const accept = c.req.header('accept');
    if (accept?.includes('text/event-stream') && accepts(accept, 'text/event-stream')) {
      // A stream that nobody reads would never end.
      if (c.req.method === 'HEAD') return c.body(null, 200, SSE_HEADERS);
      const { batches, end } = await openStream(c, deps, open);
      return sseResponse(batches, stallMs, end);
    }
    if (accepts(accept, 'application/json')) return next();
    throw new RequestRefused(
      406,
      'not_acceptable',
      'Events are server-sent events, JSON, or messages of a WebSocket.',
      'Send "Accept: text/event-stream" or "Accept: application/json".',
    );
  });
  return app;
}

/** Rejects before anything is sent where the cursor is none, the caller may not know, or too many are open. */
async function openStream(
  c: Context<RestEnv>,
  { call, closing, limits }: RestDeps,
  open: Turnstile,
): Promise<{ readonly batches: AsyncGenerator<EventBatch, void>; readonly end: () => void }> {
  const { rest } = shapeOf(watchEvents, findTool(watchEvents.tool)!);
  const asked = readQuery(new URL(c.req.url).searchParams, rest);
  const cursor = c.req.header('last-event-id') ?? (asked['cursor'] as string | undefined);
  const leave = open.enter(c.get('subject')) ?? tooMany(open.most);
  const over = new AbortController();
  const end = () => {
    over.abort();
    leave();
  };
  const signal = closing ? AbortSignal.any([over.signal, closing]) : over.signal;
  const namespace = asked['namespace'] as string | undefined;
  const batches = eventBatches(call, c.get('caller'), {
    ...{ cursor, namespace, heartbeatMs: limits.heartbeatMs, signal },
  });
  try {
    const first = await batches.next();
    return { batches: withFirst(first, batches), end };
  } catch (error) {
    end();
    throw error;
  }
}

function tooMany(most: number): never {
  throw new RequestRefused(
    429,
    'overloaded',
    `${most} streams of events are open already.`,
    'Come again later, or ask now and then: GET /v1/events with Accept: application/json.',
    { 'retry-after': '10' },
  );
}

function notUpgraded(): RequestRefused {
  return new RequestRefused(
    400,
    'invalid_input',
    'A WebSocket was asked for without "Connection: Upgrade".',
    'Send that header too; a proxy before the server has to pass on both.',
  );
}

async function* withFirst(
  first: IteratorResult<EventBatch, void>,
  others: AsyncGenerator<EventBatch, void>,
): AsyncGenerator<EventBatch, void> {
  if (first.done) return;
  yield first.value;
  yield* others;
}
