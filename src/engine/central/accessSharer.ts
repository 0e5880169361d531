import type { CentralLog } from '../ports/centralLog.ts';
import type { Logger } from '../ports/logger.ts';
import type { Replica } from '../ports/replica.ts';

/** So long after a memory was used: recalls in quick succession are counted together. */
const PAUSE_MS = 10_000;
/** Memories at once: each lot takes a few milliseconds, after which others may run. */
const COUNTED = 100;

/** Lets all machines count together how often memories are used. It works while this machine uses some, and costs nothing otherwise. */
export class AccessSharer implements Disposable {
  readonly #log: CentralLog;
  readonly #replica: Replica;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;

  constructor(log: CentralLog, replica: Replica, logger: Logger) {
    this.#log = log;
    this.#replica = replica;
    this.#logger = logger;
  }

  /** A memory was used. Returns at once. */
  note(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      // What could not be told waits for the next time.
      this.share().catch(error =>
        this.#logger.debug('accesses are not shared now', { reason: (error as Error).message }),
      );
    }, PAUSE_MS);
    this.#timer.unref?.();
  }

  async share(): Promise<void> {
    await this.#replica.flush();
    for (;;) {
      const { counted, from } = await this.#replica.waitingAccesses(COUNTED);
      const { totals, to, more } = await this.#log.countAccesses(counted, from);
      await this.#replica.takeAccesses(counted, totals, to);
      if (counted.length < COUNTED && !more) return;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
