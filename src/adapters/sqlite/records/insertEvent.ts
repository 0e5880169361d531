import { type BusEvent, EVENTS_KEPT, type WorkEvent } from '../../../engine/ports/eventBus.ts';
import type { Database } from '../database.ts';

/** Parts of all events, as columns. */
export interface EventParts {
  readonly type: BusEvent['type'];
  readonly node: string;
  readonly model: string;
  readonly accuracy: number;
  readonly status: string;
  readonly namespace: string;
  readonly subject: string;
  readonly change: string;
  readonly agent: string;
  /** JSON */
  readonly audience: string | null;
}

/** Within a transaction, so that what happened and its telling are one. @returns the event's id */
export function insertEvent(database: Database, at: number, event: BusEvent): string {
  const { type, node = null, model = null, accuracy = null, status = null } = event as Partial<EventParts>;
  const { namespace = null, subject = null, change = null, agent = null } = event as Partial<EventParts>;
  const { audience } = event as Partial<WorkEvent>;
  const { lastInsertRowid } = database.run(
    `INSERT INTO events (at, type, node, model, accuracy, status, namespace, subject, change, agent, audience)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[at, type!, node, model, accuracy, status],
    ...[namespace, subject, change, agent, audience ? JSON.stringify(audience) : null],
  );
  database.run('DELETE FROM events WHERE id <= ?', lastInsertRowid - EVENTS_KEPT);
  return String(lastInsertRowid);
}
