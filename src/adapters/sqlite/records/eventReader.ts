import type { EventBus, LoggedEvent } from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import type { ChangeWatcher } from '../changeWatcher.ts';

const BATCH = 1000;
/** Until the next attempt, where the file was locked for too long. */
const RETRY_MS = 200;

/** Reads the events from a position on, whenever there are new ones. */
export class EventReader implements Disposable {
  readonly #bus: EventBus;
  readonly #onEvent: (event: LoggedEvent) => void;
  readonly #logger: Logger;
  readonly #watch: Disposable;
  #seen: string;
  #reading = false;
  #again = false;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    bus: EventBus,
    watcher: ChangeWatcher,
    after: string,
    onEvent: (event: LoggedEvent) => void,
    logger: Logger,
  ) {
    this.#bus = bus;
    this.#seen = after;
    this.#onEvent = onEvent;
    this.#logger = logger;
    this.#watch = watcher.add(() => void this.#read());
    void this.#read();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    this.#watch[Symbol.dispose]();
    clearTimeout(this.#retry);
  }

  /** What changes meanwhile is read afterwards: one at a time, so that the order is kept. */
  async #read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        const events = await this.#bus.since(this.#seen, BATCH);
        for (const event of events) this.#tell(event);
        this.#again ||= events.length === BATCH;
      }
    } catch (error) {
      if (this.#stopped) return;
      this.#logger.warn('events could not be read; trying again', { reason: String(error) });
      this.#retry = setTimeout(() => void this.#read(), RETRY_MS).unref();
    } finally {
      this.#reading = false;
    }
  }

  #tell(event: LoggedEvent): void {
    if (this.#stopped) return;
    this.#seen = event.id;
    try {
      this.#onEvent(event);
    } catch (error) {
      this.#logger.error('a listener to events failed', { reason: String(error) });
    }
  }
}
