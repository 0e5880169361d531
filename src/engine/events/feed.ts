import { MemoryError } from '../errors.ts';
import { type Caller, viewerOf } from '../model/caller.ts';
import type { Operation } from '../model/operation.ts';
import type { BusEvent, EventBus } from '../ports/eventBus.ts';
import type { OperationLog } from '../ports/operationLog.ts';
import { mayKnow } from './mayKnow.ts';

/** A change of a memory, as the feed tells it. */
export interface MemoryEvent {
  readonly type: 'memory';
  readonly namespace: string;
  /** Its id. */
  readonly subject: string;
  readonly change: Operation['kind'];
  /** The session that made the change. */
  readonly agent: string;
}

export interface FeedEvent {
  /** To go on from after this event; opaque. */
  readonly cursor: string;
  /** ms since the epoch */
  readonly at: number;
  readonly event: BusEvent | MemoryEvent;
}

const BATCH = 500;
/** Of a UUIDv7 so much is its time. */
const TIME_CHARS = 13;

/**
 * Everything that happens, for one viewer: tasks, agents, files, contexts and machines from the log of events, memories from the operation
 * log. Whoever keeps the last cursor and goes on from it misses nothing that is still kept, on another machine of the LAN, too; some may come
 * again there. Only what a machine changed while it was away may stand elsewhere in its own log.
 */
export class Feed {
  readonly #events: EventBus;
  readonly #operations: OperationLog;

  constructor(events: EventBus, operations: OperationLog) {
    this.#events = events;
    this.#operations = operations;
  }

  /** Where the feed is now. Of a change that a caller who is bound to namespaces may not know of, it says when it was, and no id. */
  async position({ rights }: Pick<Caller, 'rights'>): Promise<string> {
    const [event, seq] = await Promise.all([this.#events.position(), this.#operations.head()]);
    const id = await this.#operations.idAt(seq);
    return cursorOf(event, { seq, id: rights?.namespaces ? id?.slice(0, TIME_CHARS) : id });
  }

  /**
   * Oldest first within each of the two logs; those of memories come last. Rejects with `invalid_input` for what is no cursor.
   * @param limit of each log, 1..500
   * @param namespaces undefined: all
   * @returns the events, and where to go on, also past what the viewer may not know of
   */
  async since(
    cursor: string,
    limit: number,
    caller: Caller,
    namespaces: readonly string[] | undefined,
  ): Promise<{ readonly events: readonly FeedEvent[]; readonly cursor: string; readonly more: boolean }> {
    const start = parse(cursor);
    let { event } = start;
    let place = await this.#here(start.place);
    const [logged, operations] = await Promise.all([
      this.#events.since(event, limit),
      this.#operations.since(place.seq, limit, viewerOf(caller)),
    ]);
    const events: FeedEvent[] = [];
    for (const one of logged) {
      event = one.id;
      if (mayKnow(one.event, viewerOf(caller), namespaces))
        events.push({ cursor: cursorOf(event, place), at: one.at, event: one.event });
    }
    for (const operation of operations) {
      place = operation;
      if (namespaces && !namespaces.includes(operation.namespace)) continue;
      events.push({ cursor: cursorOf(event, place), at: operation.at, event: toEvent(operation) });
    }
    const more = logged.length === limit || operations.length === limit;
    return { events, cursor: cursorOf(event, place), more };
  }

  /** Calls back with every event after the cursor, in order and once each, until it is disposed of. */
  listen(
    cursor: string,
    caller: Caller,
    namespaces: readonly string[] | undefined,
    onEvent: (event: FeedEvent) => void,
  ): Disposable {
    let { event, place } = parse(cursor);
    let isHere = false;
    let disposed = false;
    let reading = Promise.resolve();
    const listener = this.#events.listen(event, one => {
      event = one.id;
      if (mayKnow(one.event, viewerOf(caller), namespaces))
        onEvent({ cursor: cursorOf(event, place), at: one.at, event: one.event });
    });
    const read = async () => {
      if (!isHere) place = await this.#here(place);
      isHere = true;
      for (;;) {
        const operations = await this.#operations.since(place.seq, BATCH, viewerOf(caller));
        for (const operation of operations) {
          if (disposed) return;
          place = operation;
          if (namespaces && !namespaces.includes(operation.namespace)) continue;
          onEvent({ cursor: cursorOf(event, place), at: operation.at, event: toEvent(operation) });
        }
        if (operations.length < BATCH) return;
      }
    };
    // One at a time, so that each is told once. What fails is read with the next change.
    const next = () => {
      reading = reading.then(read).catch(() => {});
    };
    const watch = this.#operations.watch(next);
    next();
    return {
      [Symbol.dispose]() {
        disposed = true;
        listener[Symbol.dispose]();
        watch[Symbol.dispose]();
      },
    };
  }

  /** The same place in the log of this machine. */
  async #here(place: Place): Promise<Place> {
    const { id, seq } = place;
    if (id === undefined || (await this.#operations.idAt(seq))?.startsWith(id)) return place;
    return { id, seq: await this.#operations.seqAfter(id) };
  }
}

/** In a log of operations: sequences are each machine's own, ids everybody's. */
interface Place {
  readonly seq: number;
  /** Or how it begins; undefined: before all. */
  readonly id?: string | undefined;
}

function cursorOf(event: string, { id, seq }: Place): string {
  return `${event}/${seq}${id === undefined ? '' : `/${id}`}`;
}

function parse(cursor: string): { event: string; place: Place } {
  const [, event, seq, id] = /^(\d+(?:-\d+)?)\/(\d{1,15})(?:\/([\w-]{1,60}))?$/.exec(cursor) ?? [];
  if (event !== undefined && seq !== undefined) return { event, place: { seq: Number(seq), id } };
  throw new MemoryError(
    'invalid_input',
    `"${cursor.slice(0, 60)}" is no place in the feed.`,
    'Give a cursor as it was read.',
  );
}

function toEvent({ instance, kind, memoryId, namespace }: Operation): MemoryEvent {
  return { type: 'memory', namespace, subject: memoryId, change: kind, agent: instance };
}
