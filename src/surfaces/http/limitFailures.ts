import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { type Authenticate, isRefusal } from './authenticate.ts';

const WINDOW_S = 60;

/**
 * So many wrong tokens of one address in a minute are told that they are wrong; the next are told to wait. A right one is let in all the
 * same, since others may come from the same address.
 * @param most 1..
 */
export function limitFailures(authenticate: Authenticate, most: number): Authenticate {
  const limiter = new RateLimiterMemory({ points: most, duration: WINDOW_S });
  return async (authorization, peer) => {
    const answer = await authenticate(authorization, peer);
    if (!isRefusal(answer) || answer.error === undefined) return answer;
    const refused = await limiter.consume(peer.address).then(
      () => undefined,
      (full: RateLimiterRes) => full,
    );
    if (!refused) return answer;
    return {
      status: 429,
      message: `More than ${most} wrong tokens in a minute came from your address.`,
      retryAfterS: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
    };
  };
}
