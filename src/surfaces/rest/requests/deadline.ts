import type { MiddlewareHandler } from 'hono';
import { MemoryError } from '../../../engine/errors.ts';
import type { RestEnv } from '../restDeps.ts';

/** Whoever waits for what may yet happen is answered so much sooner than the deadline. */
const SPARE = 0.1;

/**
 * Gives each request its signals: `patience`, after which it waits for nothing more, and `signal`, when nobody waits for its answer: the
 * client is gone, or its time is over, which is answered with 503.
 */
export function deadline(ms: number): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    const [patience, over] = [new AbortController(), new AbortController()];
    const gone = () => over.abort(new MemoryError('cancelled', 'The client is gone.', 'Nobody reads this.'));
    c.req.raw.signal.addEventListener('abort', gone, { once: true });
    c.set('patience', patience.signal);
    c.set('signal', over.signal);
    const soon = setTimeout(() => patience.abort(), ms * (1 - SPARE));
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        over.abort(tookTooLong(ms));
        reject(tookTooLong(ms));
      }, ms);
    });
    try {
      await Promise.race([next(), tooLate]);
    } finally {
      clearTimeout(soon);
      clearTimeout(late);
      c.req.raw.signal.removeEventListener('abort', gone);
    }
  };
}

function tookTooLong(ms: number): MemoryError {
  return new MemoryError(
    'unavailable',
    `It was not done within ${ms / 1000} s. A change may have been made all the same.`,
    'Look whether it was, or send changes with an Idempotency-Key; then try again.',
  );
}
