import type { Context, MiddlewareHandler } from 'hono';
import { BodyRoom, type Held, LARGEST_AT_ONCE, NO_ROOM } from '../../http/bodyRoom.ts';
import type { RestEnv } from '../restDeps.ts';
import { RequestRefused } from './requestRefused.ts';

/** What is still on its way is not read. */
const UNREAD = { connection: 'close' };

/** @param mostBytes of a body, announced or counted; so many of them are held at once that all of memory is not */
export function limitBody(mostBytes: number): MiddlewareHandler<RestEnv> {
  const room = new BodyRoom(mostBytes * LARGEST_AT_ONCE);
  const demand = (held: Held, bytes: number) => {
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    if (!held.grow(bytes)) throw noRoom();
  };
  return async (c: Context<RestEnv>, next) => {
    const announced = c.req.header('content-length');
    const isCounted = c.req.header('transfer-encoding') !== undefined;
    // Most reads have no body.
    if (announced === undefined && !isCounted) return next();
    using held = room.hold(c.get('subject'));
    // Node sees to it that no more comes than was announced.
    if (isCounted) await readCounted(c, bytes => demand(held, bytes));
    else demand(held, Number(announced));
    await next();
  };
}

/** @param demand throws where so many bytes are too many */
async function readCounted(c: Context, demand: (bytes: number) => void): Promise<void> {
  const { body } = c.req.raw;
  // A read has none, whatever was sent.
  if (!body) return;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    demand(bytes);
    chunks.push(chunk);
  }
  c.req.raw = new Request(c.req.raw, { body: Buffer.concat(chunks) });
}

function tooLarge(mostBytes: number): RequestRefused {
  return new RequestRefused(
    413,
    'too_large',
    `A request has at most ${mostBytes} bytes.`,
    'Send less at once, or raise api.bodyMb.',
    UNREAD,
  );
}

function noRoom(): RequestRefused {
  return new RequestRefused(
    429,
    'overloaded',
    NO_ROOM,
    'Send it again after the seconds that Retry-After names, or less at once.',
    { ...UNREAD, 'retry-after': '1' },
  );
}
