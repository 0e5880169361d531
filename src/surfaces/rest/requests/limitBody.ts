import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RequestRefused } from './requestRefused.ts';

/** @param mostBytes of a body, announced or counted */
export function limitBody(mostBytes: number): MiddlewareHandler {
  const refuse = (): never => {
    throw new RequestRefused(
      413,
      'too_large',
      `A request has at most ${mostBytes} bytes.`,
      'Send less at once, or raise api.bodyMb.',
      // What is still on its way is not read.
      { connection: 'close' },
    );
  };
  const count = bodyLimit({ maxSize: mostBytes, onError: refuse });
  return async (c: Context, next) => {
    if (c.req.header('transfer-encoding') !== undefined) return count(c, next);
    // Node sees to it that no more comes than was announced.
    if (Number(c.req.header('content-length') ?? 0) > mostBytes) refuse();
    return next();
  };
}
