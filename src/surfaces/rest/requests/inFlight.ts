import type { Context, MiddlewareHandler } from 'hono';
import { Turnstile } from '../../http/turnstile.ts';
import type { RestEnv } from '../restDeps.ts';
import { RequestRefused } from './requestRefused.ts';

/**
 * Refuses what is too much at once with 429, before anything is done for it: who is let in is served in time.
 * @param most requests that are worked on at the same time
 */
export function inFlight(most: number): MiddlewareHandler {
  const turnstile = new Turnstile(most);
  return (_, next) => {
    const leave = turnstile.enter();
    if (!leave) throw overloaded(`The server works on ${most} requests already.`);
    return next().finally(leave);
  };
}

/** Refuses a token what is more than its share of them: who waits with all places would keep out everybody else. */
export function fairShare(most: number): MiddlewareHandler<RestEnv> {
  const turnstile = new Turnstile(most);
  return (c: Context<RestEnv>, next) => {
    const subject = c.get('subject');
    if (subject === undefined) return next();
    const leave = turnstile.enter(subject);
    if (!leave) throw overloaded(`The server works on as many requests of your token as there is room for.`);
    return next().finally(leave);
  };
}

function overloaded(what: string): RequestRefused {
  return new RequestRefused(
    429,
    'overloaded',
    `${what} Nothing was done.`,
    'Send it again after the seconds that Retry-After names.',
    { 'retry-after': '1' },
  );
}
