import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8 shrinks its young generation only where little was allocated since the collection before. */
const QUIET_MS = 4_000;

/**
 * Gives the operating system back what recent work left behind: tens of megabytes after many calls. V8 does so only under
 * pressure, and a memory server is idle most of its life. Holds this thread for some tens of milliseconds, now and once more
 * `QUIET_MS` later: for idle moments.
 */
export function releaseMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: object) => void;
  setFlagsFromString('--no-expose-gc');
  collect();
  setTimeout(() => {
    collect();
    // Node 20 frees the pages of one collection with the next; Node 22 and later keep them for themselves until this kind, which
    // Node 20 does not know.
    collect();
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, QUIET_MS).unref();
}
