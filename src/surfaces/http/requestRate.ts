import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Sender } from './authenticate.ts';
import type { Refusal } from './guard.ts';

const WINDOW_S = 60;

/** How a request stands beside those that its sender sent before. */
export interface Counted {
  /** Of the answer, each with its name. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** There were too many. */
  readonly refusal?: Refusal;
}

/** @param requests that come in one; default: 1 */
export type CountRequests = (sender: Sender, requests?: number) => Promise<Counted>;

/**
 * So many requests of one sender in a minute at all servers that count by this; the next are refused until the minute is over. One token is one
 * sender, whatever its clients call themselves.
 * @param most 0: any number
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
export function requestRate(most: number): CountRequests {
  if (most === 0) return async () => ({ headers: [] });
  const limiter = new RateLimiterMemory({ points: most, duration: WINDOW_S });
  const policy = ['ratelimit-policy', `"requests";q=${most};w=${WINDOW_S}`] as const;
  const headersOf = ({ msBeforeNext, remainingPoints }: RateLimiterRes) => {
    const left = `"requests";r=${remainingPoints};t=${Math.ceil(msBeforeNext / 1000)}`;
    return [policy, ['ratelimit', left]] as const;
  };
  return async ({ subject = '' }, requests = 1) =>
    limiter.consume(subject, requests).then(
      used => ({ headers: headersOf(used) }),
      (full: RateLimiterRes) => ({
        headers: headersOf(full),
        refusal: {
          status: 429,
          message: `More than ${most} requests in a minute. Nothing was done.`,
          retryAfterS: Math.ceil(full.msBeforeNext / 1000),
        },
      }),
    );
}
