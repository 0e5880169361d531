import { MemoryError } from '../../../engine/errors.ts';
import {
  type BusEvent,
  EVENTS_KEPT,
  type EventBus,
  type LoggedEvent,
} from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { checkEvent, checkLimit } from '../../../engine/records/checkRecord.ts';
import type { RedisClient } from '../connectRedis.ts';
import { EventListener } from './eventListener.ts';
import { fieldsOf, numberOf, timeOfEntry } from './fields.ts';
import type { RecordSpace } from './recordSpace.ts';

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
    this.#key = space.key('events:log');
    this.#newConnection = newConnection;
    this.#logger = logger;
  }

  async publish(event: BusEvent): Promise<string> {
    checkEvent(event);
    const { type, ...message } = event;
    const fields = Object.entries(event).flatMap(([name, value]) => [name, String(value)]);
    const id = await this.#space.script(
      'publishEvent',
      [this.#key],
      ...[EVENTS_KEPT, this.#space.key(`events:${type}`), JSON.stringify(message)],
      ...fields,
    );
    return id as string;
  }

  async position(): Promise<string> {
    const [newest] = await this.#space.ask(client => client.xrevrange(this.#key, '+', '-', 'COUNT', 1));
    return newest?.[0] ?? START;
  }

  async since(after: string | undefined, limit: number): Promise<readonly LoggedEvent[]> {
    checkLimit(limit);
    const from = after === undefined ? '-' : `(${checkPosition(after)}`;
    const found = await this.#space.ask(client => client.xrange(this.#key, from, '+', 'COUNT', limit));
    return found.flatMap(toLogged);
  }

  listen(after: string, onEvent: (event: LoggedEvent) => void): Disposable {
    const listener = new EventListener(
      this.#newConnection(),
      this.#key,
      checkPosition(after),
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

function checkPosition(id: string): string {
  if (/^\d+-\d+$/.test(id)) return id;
  throw new MemoryError('invalid_input', `"${id}" is no id of an event.`, 'Give an id as it was read.');
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
    default:
      return undefined;
  }
}
