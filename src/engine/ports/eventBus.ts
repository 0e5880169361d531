import type { Receiver } from '../model/context.ts';

/** The log keeps so many events, give or take a hundred. */
export const EVENTS_KEPT = 100_000;

/** Something changed in how agents work together; what, the stores tell. It carries ids, never a text. */
export interface WorkEvent {
  readonly type: 'task' | 'agent' | 'files' | 'context';
  readonly namespace: string;
  /** Id of the task, agent, claim or context. */
  readonly subject: string;
  /** The new state of a task, the presence of an agent, else what was done, such as `shared` or `released`. */
  readonly change: string;
  /** Id of the agent that did it or that it is about; empty: none. */
  readonly agent: string;
  /** Who may know of it; undefined: everybody in the namespace. */
  readonly audience?: Audience;
}

/** As a context has them: its owner, and whom it is for. */
export interface Audience {
  readonly owner: string;
  readonly to: readonly Receiver[];
}

/** Of the machines of the LAN, and of their models. */
export type RecordEvent =
  /** `model` is empty when the node runs none any more. */
  | { readonly type: 'model_updated'; readonly node: string; readonly model: string }
  /** `accuracy` is finite, such as 0.93. */
  | { readonly type: 'training_complete'; readonly model: string; readonly accuracy: number }
  | { readonly type: 'node_status'; readonly node: string; readonly status: string };

export type BusEvent = RecordEvent | WorkEvent;

export interface LoggedEvent {
  /** Rises with each event; opaque. */
  readonly id: string;
  /** When it was published: ms since the epoch, by the store's clock. */
  readonly at: number;
  readonly event: BusEvent;
}

/**
 * What happens on the LAN, told to whoever listens and kept for whoever was away.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C7
 */
export interface EventBus {
  /** @returns its id */
  publish(event: BusEvent): Promise<string>;

  /** Id of the newest event, to listen from; the id before all others when there is none. */
  position(): Promise<string>;

  /**
   * Oldest first; events of types that are not known here are left out.
   * @param after the id before the first that is wanted; undefined: from the oldest that is kept
   * @param limit 1..1000
   */
  since(after: string | undefined, limit: number): Promise<readonly LoggedEvent[]>;

  /** The last ones, oldest first. @param limit 1..1000 */
  newest(limit: number): Promise<readonly LoggedEvent[]>;

  /**
   * Calls back with every event after that one, in order and once each, also with those that came while the store was out of reach:
   * whoever keeps the last id and listens from it misses nothing that is still kept.
   */
  listen(after: string, onEvent: (event: LoggedEvent) => void): Disposable;
}
