import {
  type BusEvent,
  EVENTS_KEPT,
  type EventBus,
  type LoggedEvent,
} from '../../../engine/ports/eventBus.ts';
import type { Logger } from '../../../engine/ports/logger.ts';
import { checkEvent, checkLimit } from '../../../engine/records/checkRecord.ts';
import { ChangeWatcher } from '../changeWatcher.ts';
import type { Database } from '../database.ts';
import type { Row } from '../driver.ts';
import { EventReader } from './eventReader.ts';
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
    const { type, node = null, model = null, accuracy = null, status = null } = event as Partial<Parts>;
    return this.#database.write(() => {
      const { lastInsertRowid } = this.#database.run(
        'INSERT INTO events (at, type, node, model, accuracy, status) VALUES (?, ?, ?, ?, ?, ?)',
        ...[this.#now(), type!, node, model, accuracy, status],
      );
      this.#database.run('DELETE FROM events WHERE id <= ?', lastInsertRowid - EVENTS_KEPT);
      return String(lastInsertRowid);
    });
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

/** Of all events. */
interface Parts {
  readonly type: BusEvent['type'];
  readonly node: string;
  readonly model: string;
  readonly accuracy: number;
  readonly status: string;
}

function toLogged(row: Row): LoggedEvent {
  const { id, at, type, node, model, accuracy, status } = row as unknown as Parts & {
    id: number;
    at: number;
  };
  const events = {
    model_updated: { type: 'model_updated', node, model },
    training_complete: { type: 'training_complete', model, accuracy },
    node_status: { type: 'node_status', node, status },
  } as const;
  return { id: String(id), at, event: events[type] };
}
