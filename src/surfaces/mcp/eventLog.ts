import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

/** Of one session, in characters of JSON. */
export const KEPT_CHARS = 1_000_000;
/** The SDK's name for the stream that belongs to no request: the changes that a client subscribes to. */
const CHANGES = '_GET_stream';

interface Event {
  readonly stream: string;
  readonly message: JSONRPCMessage;
  readonly chars: number;
}

/**
 * What a session was told last, so that a client whose stream broke goes on after the last event that it saw (`Last-Event-ID`). Where
 * that one is not kept any more, it is told again of all changes that are.
 */
export class EventLog implements EventStore {
  readonly #events = new Map<number, Event>();
  readonly #mostChars: () => number;
  #chars = 0;
  #last = 0;

  /** @param mostChars that are kept, as things stand */
  constructor(mostChars = () => KEPT_CHARS) {
    this.#mostChars = mostChars;
  }

  async storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const chars = JSON.stringify(message).length;
    this.#last += 1;
    this.#events.set(this.#last, { stream, message, chars });
    this.#chars += chars;
    this.trim();
    return String(this.#last);
  }

  /** Forgets the oldest of what is too much. */
  trim(): void {
    const most = this.#mostChars();
    for (const [id, { chars }] of this.#events) {
      if (this.#chars <= most) break;
      this.#events.delete(id);
      this.#chars -= chars;
    }
  }

  async getStreamIdForEventId(id: string): Promise<string> {
    return this.#events.get(Number(id))?.stream ?? CHANGES;
  }

  async replayEventsAfter(
    id: string,
    { send }: { readonly send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const stream = await this.getStreamIdForEventId(id);
    const after = this.#events.has(Number(id)) ? Number(id) : 0;
    // One without content only tells the client where its stream begins.
    for (const [event, one] of this.#events)
      if (event > after && one.stream === stream && Object.keys(one.message).length > 0)
        await send(String(event), one.message);
    return stream;
  }
}
