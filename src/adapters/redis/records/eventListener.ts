import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../../engine/ports/logger.ts';
import type { RedisClient } from '../connectRedis.ts';

/** How long one question waits for news; shorter than the time after which routers forget a quiet connection. */
export const LISTEN_MS = 10_000;
/** Between two attempts while Redis is out of reach. */
const RETRY_MS = 200;
const BATCH = 1000;

type Entry = readonly [id: string, fields: readonly string[]];

/** Reads a stream from a position on, for ever, on a connection of its own. It goes on where it was when the connection was lost. */
export class EventListener implements Disposable {
  readonly #client: RedisClient;
  readonly #logger: Logger;
  readonly #stop = new AbortController();

  constructor(
    client: RedisClient,
    stream: string,
    after: string,
    onEntry: (entry: Entry) => void,
    logger: Logger,
  ) {
    this.#client = client;
    this.#logger = logger;
    // Without a listener an error would end the process; each question tells its own.
    client.on('error', () => {});
    void this.#run(stream, after, onEntry);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#client.disconnect();
  }

  async #run(stream: string, after: string, onEntry: (entry: Entry) => void): Promise<void> {
    const { signal } = this.#stop;
    let seen = after;
    while (!signal.aborted) {
      for (const entry of await this.#next(stream, seen)) {
        if (signal.aborted) return;
        seen = entry[0];
        try {
          onEntry(entry);
        } catch (error) {
          this.#logger.error('a listener to events failed', { reason: String(error) });
        }
      }
    }
  }

  async #next(stream: string, seen: string): Promise<readonly Entry[]> {
    const { signal } = this.#stop;
    try {
      if (this.#client.status === 'wait') await this.#client.connect();
      const found = await this.#client.xread('COUNT', BATCH, 'BLOCK', LISTEN_MS, 'STREAMS', stream, seen);
      return found?.[0]?.[1] ?? [];
    } catch {
      if (signal.aborted) return [];
      // A connection that gives no answer is made anew: nothing else would notice that it is dead.
      if (this.#client.status === 'ready') this.#client.disconnect(true);
      await sleep(RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      return [];
    }
  }
}
