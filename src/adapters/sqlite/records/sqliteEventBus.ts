import { readAudience } from '../../../engine/contexts/readContext.ts';
import type { BusEvent, EventBus, LoggedEvent } from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { checkEvent, checkLimit } from '../../../engine/records/checkRecord.ts';
import { ChangeWatcher } from '../changeWatcher.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { EventReader } from './eventReader.ts';
import { type EventParts, insertEvent } from './insertEvent.ts';
import { rowOf } from './rowId.ts';

/** The newest event, also when it is no longer kept. */
const NEWEST = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0) AS state";

export class SqliteEventBus implements EventBus, Disposable {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #watcher: ChangeWatcher;
  readonly #readers = new Set<EventReader>();

  constructor(database: Database, now: () => number, logger: Logger) {
    this.#database = database;
    this.#now = now;
    this.#logger = logger;
    this.#watcher = new ChangeWatcher(database, logger, NEWEST);
  }

  async publish(event: BusEvent): Promise<string> {
    checkEvent(event);
    return this.#database.write(() => insertEvent(this.#database, this.#now(), event));
  }

  async position(): Promise<string> {
    return this.#database.look(() => String(this.#database.get(NEWEST)!['state']));
  }

  async since(after: string | undefined, limit: number): Promise<readonly LoggedEvent[]> {
    checkLimit(limit);
    const from = after === undefined ? 0 : rowOf(after);
    const rows = await this.#database.look(() =>
      this.#database.all('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?', from, limit),
    );
    return rows.map(toLogged);
  }

  async newest(limit: number): Promise<readonly LoggedEvent[]> {
    checkLimit(limit);
    const rows = await this.#database.look(() =>
      this.#database.all('SELECT * FROM events ORDER BY id DESC LIMIT ?', limit),
    );
    return rows.map(toLogged).reverse();
  }

  listen(after: string, onEvent: (event: LoggedEvent) => void): Disposable {
    rowOf(after);
    const reader = new EventReader(this, this.#watcher, after, onEvent, this.#logger);
    this.#readers.add(reader);
    return {
      [Symbol.dispose]: () => {
        this.#readers.delete(reader);
        reader[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const reader of this.#readers) reader[Symbol.dispose]();
    this.#readers.clear();
    this.#watcher[Symbol.dispose]();
  }
}

function toLogged(row: Row): LoggedEvent {
  const { id, at, ...parts } = row as unknown as EventParts & { id: number; at: number };
  return { id: String(id), at, event: toEvent(parts) };
}

function toEvent({ type, node, model, accuracy, status, ...work }: EventParts): BusEvent {
  switch (type) {
    case 'model_updated':
      return { type, node, model };
    case 'training_complete':
      return { type, model, accuracy };
    case 'node_status':
      return { type, node, status };
    default: {
      const { namespace, subject, change, agent, audience } = work;
      return {
        type,
        namespace,
        subject,
        change,
        agent,
        ...(audience !== null && { audience: readAudience(audience) }),
      };
    }
  }
}
