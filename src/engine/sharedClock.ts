import type { Clock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import type { Store } from './ports/store.ts';

/** How often the time is asked for. */
const EVERY_MS = 60_000;
/** After a jump, or without an answer, it is asked again so soon. */
const AGAIN_MS = 1_000;
/** What is less is no error of a clock: it took the way there and back. */
const LEAST_MS = 2_000;

export interface SharedClockOptions {
  readonly local: Clock;
  /** The time as those have it who share the memory. */
  readonly time: NonNullable<Store['time']>;
  /** ms since anything, which nobody sets. */
  readonly elapsed: () => number;
  readonly logger: Logger;
}

interface Known {
  readonly local: number;
  readonly elapsed: number;
  /** What the local clock lacks. */
  readonly lacks: number;
}

/**
 * The time as those have it who share a memory, where this machine's clock is wrong: what it stores for an hour would otherwise be over for the
 * others, or never. Until that is known, and where it never was, the local time.
 */
export class SharedClock implements Clock {
  readonly #options: SharedClockOptions;
  #known: Known | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SharedClockOptions) {
    this.#options = options;
    void this.#ask();
  }

  now(): number {
    const { elapsed, local } = this.#options;
    const known = this.#known;
    const since = elapsed() - this.#askedAt;
    if (!known) {
      if (since > AGAIN_MS) void this.#ask();
      return local.now();
    }
    const now = local.now();
    const steady = this.#steady(known);
    // Set meanwhile, or the machine slept: it is not known which before the others are asked.
    const jumped = Math.abs(now - steady) > LEAST_MS;
    if (since > (jumped ? AGAIN_MS : EVERY_MS)) void this.#ask();
    return (jumped ? steady : now) + known.lacks;
  }

  async #ask(): Promise<void> {
    const { elapsed, local, logger, time } = this.#options;
    const began = elapsed();
    this.#askedAt = began;
    const there = await time().catch(() => undefined);
    const now = { local: local.now(), elapsed: elapsed() };
    if (there === undefined || now.elapsed - began > LEAST_MS) {
      const known = this.#known;
      // Machines sleep more often than their clocks are set ahead.
      if (known && now.local - this.#steady(known) > LEAST_MS) this.#known = { ...now, lacks: known.lacks };
      return;
    }
    const difference = there - now.local;
    const lacks = Math.abs(difference) < LEAST_MS ? 0 : difference;
    if (lacks !== 0 && Math.abs(lacks - (this.#known?.lacks ?? 0)) > LEAST_MS)
      logger.warn('the clock of this machine is not that of the central Redis; set both by NTP', {
        behindSeconds: Math.round(lacks / 1_000),
      });
    this.#known = { ...now, lacks };
  }

  /** What the local clock would show, had nobody set it. */
  #steady({ elapsed, local }: Known): number {
    return local + this.#options.elapsed() - elapsed;
  }
}
