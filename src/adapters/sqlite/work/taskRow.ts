import type { Metadata } from '../../../engine/model/memory.ts';
import { readObject, readTexts } from '../../../engine/model/readJson.ts';
import type { Task, TaskTransition } from '../../../engine/model/task.ts';
import type { TaskRecord } from '../../../engine/tasks/taskRecord.ts';
import type { Bindable } from '../bind.ts';
import type { Row, SqlValue } from '../driver.ts';

/** A record, and the number of its row. */
export interface TaskRow extends TaskRecord {
  readonly num: number;
}

/** Of a task whose own cannot be read: it is not tried again. */
const NO_RETRY: Metadata = { max: 0, baseMs: 0, factor: 1, capMs: 0 };
/** Fields that are JSON in their columns, and how each is read. */
const JSON_FIELDS: Readonly<Record<string, (text: unknown) => unknown>> = {
  payload: text => readObject(text) ?? {},
  capabilities: readTexts,
  dependsOn: readTexts,
  retry: text => ({ ...NO_RETRY, ...readObject(text) }),
  result: text => readObject(text) ?? null,
  metrics: text => readObject(text) ?? null,
};
/** Known to the store only. */
const OWN_FIELDS = ['num', 'leaseId', 'leaseEnd', 'nextAgent', 'nextOfferMs', 'score', 'movesAt'];

/** A record as columns and their values. */
export function toColumns(fields: Partial<TaskRecord>): {
  readonly names: string[];
  readonly values: Bindable[];
} {
  const entries = Object.entries(fields);
  return {
    names: entries.map(([field]) => columnOf(field)),
    values: entries.map(([field, value]) =>
      Object.hasOwn(JSON_FIELDS, field) && value !== null ? JSON.stringify(value) : (value as SqlValue),
    ),
  };
}

export function toRecord({ signature: _signature, ...row }: Row): TaskRow {
  const entries = Object.entries(row).map(([column, value]) => {
    const field = fieldOf(column);
    return [field, Object.hasOwn(JSON_FIELDS, field) ? JSON_FIELDS[field]!(value) : value];
  });
  return Object.fromEntries(entries);
}

/** What everybody may know of it: the lease id is its holder's. */
export function toTask(record: TaskRecord): Task {
  return Object.fromEntries(
    Object.entries(record).filter(([field]) => !OWN_FIELDS.includes(field)),
  ) as unknown as Task;
}

export function toTransition(row: Row): TaskTransition {
  const { at, event, from_state: from, to_state: to, by, fence, note } = row;
  return { at, event, from, to, by, fence, note } as unknown as TaskTransition;
}

function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

function fieldOf(column: string): string {
  return column.replace(/_[a-z]/g, letter => letter[1]!.toUpperCase());
}
