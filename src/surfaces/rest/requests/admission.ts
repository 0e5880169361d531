import type { Context, MiddlewareHandler } from 'hono';
import { Turnstile } from '../../http/turnstile.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { demandJson } from './accept.ts';
import { authentication } from './authentication.ts';
import { checkTarget } from './checkTarget.ts';
import { RequestRefused } from './requestRefused.ts';

/** Probes come without a token, and are answered however much there is to do; who reads the documentation has none yet. */
const OPEN = /^\/(v1\/health(\/(live|ready))?|docs(\/[\w.-]+)?|openapi\.json)?$/;
/** They answer with something else than JSON. */
const NO_JSON = /^\/(v1\/events|metrics|docs(\/[\w.-]+)?)?$/;

/**
 * What is asked of each request before anything is done for it, one after the other. Who is let in is served in time: what is too much at once is
 * refused with 429, and a token what is more than its share, since who waits with all places would keep out everybody else.
 */
export function admission(deps: RestDeps): MiddlewareHandler<RestEnv> {
  const most = deps.limits.inFlight;
  const [places, shares] = [new Turnstile(most), new Turnstile(most)];
  const authenticate = authentication(deps, OPEN);
  const demandAccept = demandJson(NO_JSON);
  // One for all, and not one for each: every middleware costs each request about a microsecond.
  return async (c: Context<RestEnv>, next) => {
    const isCounted = !OPEN.test(c.req.path) && c.req.path !== '/metrics';
    const leave = isCounted ? places.enter() : undefined;
    if (isCounted && !leave) throw overloaded(`The server works on ${most} requests already.`);
    let giveBack: (() => void) | undefined;
    try {
      checkTarget(c);
      const answer = await authenticate(c);
      if (answer) return answer;
      demandAccept(c);
      const subject = c.get('subject');
      if (isCounted && subject !== undefined) {
        giveBack = shares.enter(subject);
        if (!giveBack)
          throw overloaded('The server works on as many requests of your token as there is room for.');
      }
      return await next();
    } finally {
      giveBack?.();
      leave?.();
    }
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
