import { readJson, readObject } from '../../../engine/model/readJson.ts';
import type { NewTask, Task, TaskState, TaskTransition } from '../../../engine/model/task.ts';
import type { TaskEvent } from '../../../engine/tasks/taskMachine.ts';
import { type Fields, fieldsOf, textOf } from '../records/fields.ts';
import { guard } from '../records/recordSpace.ts';
import { encoded } from './refs.ts';

/** A task with its last lease, which only its holder may know. */
export type LeasedTask = Task & { readonly leaseId: string | null; readonly leaseEnd: TaskEvent | null };

/** Of a task whose own cannot be read: it is not tried again. */
const NO_RETRY = { max: 0, baseMs: 0, factor: 1, capMs: 0 };

type Spec = Omit<NewTask, 'payload' | 'priority' | 'deadline' | 'leaseMs' | 'maxLosses' | 'retry'>;

/**
 * What a task is submitted with, as names and values of its hash: `spec`, which no transition looks into, and apart from it what they need.
 * A field that is not known is left out.
 */
export function toFields(task: NewTask): string[] {
  const { payload, priority, deadline, leaseMs, maxLosses, retry, ...spec } = task;
  // JSON would carry it escaped, which no other store does.
  guard(
    ...Object.values(spec)
      .flat()
      .filter(value => value !== null),
  );
  const fields: Readonly<Record<string, string | number | null>> = {
    spec: JSON.stringify(spec),
    payload: JSON.stringify(payload),
    priority,
    signature: signatureOf(task.capabilities),
    deadline,
    lease_ms: leaseMs,
    max_losses: maxLosses,
    retry: [retry.max, retry.baseMs, retry.factor, retry.capMs].join(' '),
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : [name, `${value}`]));
}

/** @param capabilities sorted, without duplicates */
export function signatureOf(capabilities: readonly string[]): string {
  return capabilities.map(encoded).join(',');
}

/** @param flat a hash as Redis gives it: names and values in turn */
export function toLeased(flat: readonly string[]): LeasedTask {
  const f = fieldsOf(flat);
  return { ...taskOf(f), leaseId: known(f, 'lease_id'), leaseEnd: known(f, 'lease_end') as TaskEvent | null };
}

/** Without its lease's id. */
export function toTask(flat: readonly string[]): Task {
  return taskOf(fieldsOf(flat));
}

function taskOf(f: Fields): Task {
  const spec: Partial<Spec> = readObject(f['spec']) ?? {};
  // Field by field: spread out, such an object takes ten times as long.
  return {
    id: textOf(spec.id),
    namespace: textOf(spec.namespace),
    title: textOf(spec.title),
    description: textOf(spec.description),
    capabilities: spec.capabilities ?? [],
    preferredAgent: spec.preferredAgent ?? null,
    dependsOn: spec.dependsOn ?? [],
    idempotencyKey: spec.idempotencyKey ?? null,
    owner: textOf(spec.owner),
    submittedBy: textOf(spec.submittedBy),
    payload: readObject(f['payload']) ?? {},
    priority: f['priority'] as Task['priority'],
    deadline: numeric(f, 'deadline'),
    retry: retryOf(f['retry']),
    leaseMs: Number(f['lease_ms']),
    maxLosses: numeric(f, 'max_losses'),
    state: f['state'] as TaskState,
    fence: numeric(f, 'fence') ?? 0,
    failures: numeric(f, 'failures') ?? 0,
    losses: numeric(f, 'losses') ?? 0,
    holder: known(f, 'holder'),
    leaseUntil: numeric(f, 'lease_until'),
    offeredTo: known(f, 'offered_to'),
    offerUntil: numeric(f, 'offer_until'),
    dueAt: numeric(f, 'due_at'),
    openDependencies: numeric(f, 'open_dependencies') ?? 0,
    progress: numeric(f, 'progress'),
    note: f['note'] ?? null,
    question: f['question'] ?? null,
    answer: f['answer'] ?? null,
    result: readObject(f['result']) ?? null,
    metrics: readObject(f['metrics']) ?? null,
    reason: f['reason'] ?? null,
    createdAt: Number(f['created_at']),
    updatedAt: Number(f['updated_at']),
    finishedAt: numeric(f, 'finished_at'),
    version: Number(f['version']),
  };
}

/** @param line of the history; nothing where it cannot be read */
export function toTransition(line: string): readonly TaskTransition[] {
  const read = readJson(line);
  if (!Array.isArray(read)) return [];
  const [at, event, from, to, by, fence, note] = read;
  return [{ at, event, from, to, by, fence, note }];
}

function known(fields: Fields, name: string): string | null {
  return fields[name] || null;
}

/** What a script has just set comes as a number. */
function numeric(fields: Fields, name: string): number | null {
  const text: string | number | undefined = fields[name];
  return text === undefined || text === '' ? null : Number(text);
}

function retryOf(text: string | undefined): NewTask['retry'] {
  const [max, baseMs, factor, capMs] = (text ?? '').split(' ').map(Number);
  return [max, baseMs, factor, capMs].every(Number.isFinite)
    ? ({ max, baseMs, factor, capMs } as NewTask['retry'])
    : NO_RETRY;
}
