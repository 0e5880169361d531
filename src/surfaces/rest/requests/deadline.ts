import type { ServerResponse } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { MemoryError } from '../../../engine/errors.ts';
import type { RestEnv } from '../restDeps.ts';
import { RequestSignals } from './requestSignals.ts';

/** Whoever waits for what may yet happen is answered so much sooner than the deadline. */
const SPARE = 0.1;

/**
 * Gives each request its signals: nobody waits for it when the client is gone, or when its time is over, which is answered with 503.
 * @param closing fires when the server closes, which lets nobody wait
 */
export function deadline(ms: number, closing?: AbortSignal): MiddlewareHandler<RestEnv> {
  const open = new Set<RequestSignals>();
  closing?.addEventListener('abort', () => {
    for (const signals of open) signals.hurry();
  });
  return async (c, next) => {
    const signals = new RequestSignals(ms * (1 - SPARE));
    c.set('signals', signals);
    open.add(signals);
    const gone = () => signals.end(new MemoryError('cancelled', 'The client is gone.', 'Nobody reads this.'));
    const { outgoing } = (c.env ?? {}) as { readonly outgoing?: ServerResponse };
    outgoing?.once('close', gone);
    let late: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        late = setTimeout(() => {
          signals.end(tookTooLong(ms));
          reject(tookTooLong(ms));
        }, ms);
        next().then(resolve, reject);
      });
    } finally {
      clearTimeout(late);
      open.delete(signals);
      signals[Symbol.dispose]();
      outgoing?.removeListener('close', gone);
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
