import type { Writable } from 'node:stream';
import { isRefusal, type Sender } from './authenticate.ts';
import type { Refusal } from './guard.ts';

const EVERY_MS = 5000;

/**
 * Ends an answer that goes on, such as a stream of changes, once whoever reads it would not be let in any more: the token was revoked, or is over.
 * @param response or the connection, where that is no more HTTP @param ask as whoever sent the request now stands @param everyMs for tests
 */
export function endWhenRefused(
  response: Pick<Writable, 'destroy' | 'once'>,
  ask: () => Promise<Sender | Refusal>,
  everyMs = EVERY_MS,
): void {
  const timer = setInterval(() => {
    ask().then(
      answer => isRefusal(answer) && response.destroy(),
      // Nobody can know just now: the next look tells.
      () => {},
    );
  }, everyMs).unref();
  response.once('close', () => clearInterval(timer));
}
