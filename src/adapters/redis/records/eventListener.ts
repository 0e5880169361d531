import type { Logger } from '../../../engine/ports/logger.ts';
import type { RedisClient } from '../connectRedis.ts';
import { readStream, type StreamEntry } from '../readStream.ts';

/** Reads a stream from a position on, for ever, on a connection of its own. It goes on where it was when the connection was lost. */
export class EventListener implements Disposable {
  readonly #client: RedisClient;
  readonly #logger: Logger;
  readonly #stop = new AbortController();

  constructor(
    client: RedisClient,
    stream: string,
    after: string,
    onEntry: (entry: StreamEntry) => void,
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

  async #run(stream: string, after: string, onEntry: (entry: StreamEntry) => void): Promise<void> {
    const { signal } = this.#stop;
    let seen = after;
    while (!signal.aborted) {
      for (const entry of (await readStream(this.#client, stream, seen, signal)) ?? []) {
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
}
