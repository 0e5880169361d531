import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../engine/ports/logger.ts';
import type { RedisClient } from './connectRedis.ts';

/** How long one question waits for news; shorter than the time after which routers forget a quiet connection. */
export const BLOCK_MS = 10_000;
/** Between two attempts while Redis is out of reach. */
const RETRY_MS = 500;
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
    logger: Logger,
  ) {
    this.#client = client;
    client.on('error', () => {});
    void this.#run(stream, position, onChange).catch(error => {
      if (!this.#stop.signal.aborted)
        logger.warn('the central log is no longer followed', { reason: String(error) });
    });
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#client.disconnect();
  }

  async #run(stream: string, position: () => Promise<number>, onChange: () => void): Promise<void> {
    const { signal } = this.#stop;
    let seen = await position();
    let lost = false;
    while (!signal.aborted) {
      try {
        if (this.#client.status === 'wait') await this.#client.connect();
        // What came while nobody listened is found by asking.
        if (lost) onChange();
        lost = false;
        const found = await this.#client.xread(
          'COUNT',
          1000,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          stream,
          `${seen}-0`,
        );
        const last = found?.[0]?.[1].at(-1)?.[0];
        if (last === undefined) continue;
        await sleep(SETTLE_MS, undefined, { signal, ref: false });
        const here = await position();
        if (here < Number.parseInt(last, 10)) onChange();
        // This machine's own changes are here by now, and are not to be read once more.
        seen = Math.max(here, Number.parseInt(last, 10));
      } catch {
        if (signal.aborted) return;
        lost = true;
        await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }
}
