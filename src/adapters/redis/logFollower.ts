import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../engine/ports/logger.ts';
import type { RedisClient } from './connectRedis.ts';
import { BLOCK_MS, readStream } from './readStream.ts';

/** What comes in quick succession is one piece of news. Nobody's read waits for it: each asks the log itself. */
const SETTLE_MS = 15;

/** Waits for the log to grow, on a connection of its own. */
export class LogFollower implements Disposable {
  readonly #client: RedisClient;
  readonly #stop = new AbortController();

  constructor(
    client: RedisClient,
    stream: string,
    position: () => Promise<number>,
    onChange: () => void,
    onReturn: () => void,
    logger: Logger,
  ) {
    this.#client = client;
    void this.#run(stream, position, onChange, onReturn).catch(error => {
      if (!this.#stop.signal.aborted)
        logger.warn('the central log is no longer followed', { reason: String(error) });
    });
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#client.disconnect();
  }

  async #run(
    stream: string,
    position: () => Promise<number>,
    onChange: () => void,
    onReturn: () => void,
  ): Promise<void> {
    const { signal } = this.#stop;
    let seen = await position();
    let lost = false;
    while (!signal.aborted) {
      // Once the connection is back, nothing is waited for: changes of this machine may wait themselves.
      const blockMs = lost ? 1 : BLOCK_MS;
      const found = await readStream(this.#client, stream, `${seen}-0`, signal, blockMs);
      if (!found) {
        lost = true;
        continue;
      }
      // What came while nobody listened is found by asking.
      if (lost) {
        onReturn();
        onChange();
      }
      lost = false;
      const last = found.at(-1)?.[0];
      if (last === undefined) continue;
      await sleep(SETTLE_MS, undefined, { signal, ref: false });
      // A store that is locked just now does not end the watch.
      const here = await position().catch(() => 0);
      if (here < Number.parseInt(last, 10)) onChange();
      // This machine's own changes are here by now, and are not to be read once more.
      seen = Math.max(here, Number.parseInt(last, 10));
    }
  }
}
