import type { Context } from 'hono';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../../../engine/model/caller.ts';
import type { RestEnv } from '../restDeps.ts';
import { setAnswerHeader } from './answerHeader.ts';
import { RequestRefused } from './requestRefused.ts';

const WINDOW_S = 60;

/**
 * So many requests of one caller in a minute; the next are refused with 429 until the minute is over.
 * @param most 0: any number
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function rateLimit(most: number): (c: Context<RestEnv>) => Promise<void> {
  if (most === 0) return async () => {};
  const limiter = new RateLimiterMemory({ points: most, duration: WINDOW_S });
  const policy = `"requests";q=${most};w=${WINDOW_S}`;
  return async c => {
    const used = await limiter.consume(whoSends(c.get('caller'))).catch((refused: RateLimiterRes) => {
      const seconds = Math.ceil(refused.msBeforeNext / 1000);
      throw new RequestRefused(
        429,
        'too_many_requests',
        `More than ${most} requests in a minute. Nothing was done.`,
        'Send it again after the seconds that Retry-After names.',
        { 'retry-after': String(seconds), 'ratelimit-policy': policy, ratelimit: left(0, refused) },
      );
    });
    setAnswerHeader(c, 'ratelimit-policy', policy);
    setAnswerHeader(c, 'ratelimit', left(used.remainingPoints, used));
  };
}

/** One token is one caller, whatever its clients call themselves. */
function whoSends({ principal: { client, id } }: Caller): string {
  return id.slice(0, id.length - client.length);
}

function left(points: number, { msBeforeNext }: RateLimiterRes): string {
  return `"requests";r=${points};t=${Math.ceil(msBeforeNext / 1000)}`;
}
