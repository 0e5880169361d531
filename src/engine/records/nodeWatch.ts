import { MemoryError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { HEARTBEAT_TTL_MS, type NodeRegistry } from '../ports/nodeRegistry.ts';

/**
 * Retires nodes that fall silent, which tells everybody. It looks again by itself as long as a node is active, or nobody can know,
 * and does nothing while none is. Several may watch at once: each node is retired by one of them.
 */
export class NodeWatch implements Disposable {
  readonly #nodes: NodeRegistry;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #periodMs: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | number | undefined;
  #disposed = false;

  /** @param periodMs between two looks; for tests */
  constructor(nodes: NodeRegistry, clock: Clock, logger: Logger, periodMs = HEARTBEAT_TTL_MS) {
    this.#nodes = nodes;
    this.#clock = clock;
    this.#logger = logger;
    this.#periodMs = periodMs;
  }

  /** Looks once, and no more often than a heartbeat lives; for whoever does not know whether there are nodes. Never rejects. */
  async look(): Promise<void> {
    const since = Math.abs(this.#clock.now() - this.#lookedAt);
    if (!this.#disposed && since >= this.#periodMs) await this.#look();
  }

  /** A node lives: its silence is to be noticed. */
  expectSilence(): void {
    if (this.#disposed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, this.#periodMs);
    // Watching keeps no process alive.
    (this.#timer as NodeJS.Timeout).unref?.();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
  }

  async #look(): Promise<void> {
    this.#lookedAt = this.#clock.now();
    try {
      const retired = await this.#nodes.retireSilent();
      if (retired.length > 0) this.#logger.info('nodes went silent', { nodes: retired });
      if ((await this.#nodes.active()).length > 0) this.expectSilence();
    } catch (error) {
      if (this.#disposed) return;
      // While the central Redis is out of reach nobody can tell whether a node lives.
      if (MemoryError.is(error, 'unavailable')) return this.expectSilence();
      this.#logger.warn('silent nodes could not be retired', { reason: (error as Error).message });
    }
  }
}

/** The same registry; a heartbeat that comes through it tells the watch. */
export function watchedNodes(nodes: NodeRegistry, watch: NodeWatch): NodeRegistry {
  return {
    put: node => nodes.put(node),
    get: name => nodes.get(name),
    active: () => nodes.active(),
    retire: name => nodes.retire(name),
    retireSilent: () => nodes.retireSilent(),
    async heartbeat(name, load) {
      await nodes.heartbeat(name, load);
      watch.expectSilence();
    },
  };
}
