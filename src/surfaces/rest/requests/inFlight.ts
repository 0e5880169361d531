import type { MiddlewareHandler } from 'hono';
import { Turnstile } from '../../http/turnstile.ts';
import { RequestRefused } from './requestRefused.ts';

/**
 * Refuses what is too much at once with 429, before anything is done for it: who is let in is served in time.
 * @param most requests that are worked on at the same time
 */
export function inFlight(most: number): MiddlewareHandler {
  const turnstile = new Turnstile(most);
  return async (_, next) => {
    const leave = turnstile.enter();
    if (!leave)
      throw new RequestRefused(
        429,
        'overloaded',
        `The server works on ${most} requests already. Nothing was done.`,
        'Send it again after the seconds that Retry-After names.',
        { 'retry-after': '1' },
      );
    try {
      await next();
    } finally {
      leave();
    }
  };
}
