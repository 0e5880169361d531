import { readAudience } from '../../../engine/contexts/readContext.ts';
import type { BusEvent, EventBus, LoggedEvent, WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { checkEvent, checkLimit } from '../../../engine/records/checkRecord.ts';
import type { RedisClient } from '../connectRedis.ts';
import { checkEntryId } from './checkEntryId.ts';
import { EVENTS, eventArguments } from './eventKeys.ts';
import { EventListener } from './eventListener.ts';
import { type Fields, fieldsOf, numberOf, timeOfEntry } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

/** Entries that are read at once. */
const BATCH = 500;
/** Before all ids of a stream. */
const START = '0-0';

/** Channels `events:{type}`, STREAM `events:log`. Listeners read the log, in which nothing gets lost; the channels are for others. */
export class RedisEventBus implements EventBus, Disposable {
  readonly #space: RecordSpace;
  readonly #key: string;
  readonly #newConnection: () => RedisClient;
  readonly #logger: Logger;
  readonly #listeners = new Set<EventListener>();

  /** @param newConnection not connected yet; it may wait for an answer for 10 s longer than others */
  constructor(space: RecordSpace, newConnection: () => RedisClient, logger: Logger) {
    this.#space = space;
    this.#key = space.key(EVENTS);
    this.#newConnection = newConnection;
    this.#logger = logger;
  }

  async publish(event: BusEvent): Promise<string> {
    checkEvent(event);
    const { type, ...message } = event;
    const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
    const fields = Object.entries(event).flatMap(([name, value]) => [name, text(value)]);
    const args = [...eventArguments(this.#space), type, JSON.stringify(message), ...fields];
    return (await this.#space.script('publishEvent', [this.#key], ...args)) as string;
  }

  async position(): Promise<string> {
    const [newest] = await this.#space.ask(client => client.xrevrange(this.#key, '+', '-', 'COUNT', 1));
    return newest?.[0] ?? START;
  }

  async since(after: string | undefined, limit: number): Promise<readonly LoggedEvent[]> {
    checkLimit(limit);
    const events: LoggedEvent[] = [];
    // What is left out is gone past, however much it is.
    const count = Math.max(limit, BATCH);
    for (let from = after === undefined ? '-' : `(${checkEntryId(after)}`; ; ) {
      const found = await this.#space.ask(client => client.xrange(this.#key, from, '+', 'COUNT', count));
      events.push(...found.flatMap(toLogged));
      if (events.length >= limit || found.length < count) return events.slice(0, limit);
      from = `(${found.at(-1)![0]}`;
    }
  }

  async newest(limit: number): Promise<readonly LoggedEvent[]> {
    checkLimit(limit);
    const found = await this.#space.ask(client => client.xrevrange(this.#key, '+', '-', 'COUNT', limit));
    return found.reverse().flatMap(toLogged);
  }

  listen(after: string, onEvent: (event: LoggedEvent) => void): Disposable {
    const listener = new EventListener(
      this.#newConnection(),
      this.#key,
      checkEntryId(after),
      entry => {
        for (const event of toLogged(entry)) onEvent(event);
      },
      this.#logger,
    );
    this.#listeners.add(listener);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        listener[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const listener of this.#listeners) listener[Symbol.dispose]();
    this.#listeners.clear();
  }
}

function toLogged([id, flat]: readonly [id: string, fields: readonly string[]]): readonly LoggedEvent[] {
  const event = toEvent(fieldsOf(flat));
  return event ? [{ id, at: timeOfEntry(id), event }] : [];
}

function toEvent(fields: Readonly<Record<string, string>>): BusEvent | undefined {
  const { type, node = '', model = '', status = '', accuracy } = fields as Record<string, string | undefined>;
  switch (type) {
    case 'model_updated':
      return { type, node, model };
    case 'training_complete':
      return { type, model, accuracy: numberOf(accuracy) };
    case 'node_status':
      return { type, node, status };
    case 'task':
    case 'agent':
    case 'files':
    case 'context':
      return toWorkEvent(type, fields);
    default:
      return undefined;
  }
}

function toWorkEvent(type: WorkEvent['type'], fields: Fields): WorkEvent {
  const { namespace = '', subject = '', change = '', agent = '', audience } = fields;
  if (audience === undefined) return { type, namespace, subject, change, agent };
  return { type, namespace, subject, change, agent, audience: readAudience(audience) };
}
