import type { EventBus } from '../ports/eventBus.ts';
import type { TaskStore } from '../ports/taskStore.ts';
import { waitFor } from '../waitFor.ts';

/** Asks again by itself after so long, should an event ever be missed. Milliseconds. */
const LONGEST_MS = 15_000;

/** Waits for tasks without asking over and over: for the events that tell of them, and for the time that moves them. */
export class TaskWaiter implements Disposable {
  readonly #events: EventBus;
  readonly #tasks: TaskStore;
  readonly #waiting = new Map<() => void, string>();
  #listener: Promise<Disposable> | undefined;

  constructor(events: EventBus, tasks: TaskStore) {
    this.#events = events;
    this.#tasks = tasks;
  }

  /**
   * What `ask` answers as soon as it is `enough`, else its last answer when `waitMs` are over or the signal fires.
   * @param namespace whose tasks are waited for
   */
  async until<T>(
    ask: () => Promise<T>,
    enough: (answer: T) => boolean,
    namespace: string,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<T> {
    const ends = performance.now() + waitMs;
    if (waitMs > 0) await this.#listen();
    for (;;) {
      // Who is told between asking and sleeping wakes at once.
      const news = this.#news(namespace);
      try {
        const answer = await ask();
        const left = ends - performance.now();
        if (enough(answer) || left <= 0 || signal?.aborted) return answer;
        await this.#sleep(news.told, left, signal);
        if (signal?.aborted) return answer;
      } finally {
        news[Symbol.dispose]();
      }
    }
  }

  [Symbol.dispose](): void {
    void this.#listener?.then(listener => listener[Symbol.dispose]()).catch(() => {});
    for (const wake of this.#waiting.keys()) wake();
  }

  #news(namespace: string): Disposable & { readonly told: Promise<void> } {
    let wake = () => {};
    const told = new Promise<void>(resolve => {
      wake = resolve;
    });
    this.#waiting.set(wake, namespace);
    return { told, [Symbol.dispose]: () => this.#waiting.delete(wake) };
  }

  async #sleep(told: Promise<void>, leftMs: number, signal: AbortSignal | undefined): Promise<void> {
    const { nextAt, now } = await this.#tasks.tick(100);
    const untilMoved = nextAt === undefined ? LONGEST_MS : Math.max(1, nextAt - now);
    await waitFor(told, Math.min(leftMs, untilMoved, LONGEST_MS), signal);
  }

  async #listen(): Promise<void> {
    this.#listener ??= this.#events.position().then(position =>
      this.#events.listen(position, ({ event }) => {
        if (event.type !== 'task' || event.change !== 'ready') return;
        for (const [wake, namespace] of this.#waiting) if (namespace === event.namespace) wake();
      }),
    );
    try {
      await this.#listener;
    } catch (error) {
      this.#listener = undefined;
      throw error;
    }
  }
}
