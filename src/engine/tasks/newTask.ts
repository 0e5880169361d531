import { MemoryError } from '../errors.ts';
import { checkLabel } from '../memories/checkLabel.ts';
import { checkText } from '../memories/checkText.ts';
import { checkTexts } from '../memories/checkTexts.ts';
import { checkLeaseMs } from '../model/leaseTime.ts';
import { LIMITS } from '../model/limits.ts';
import type { Metadata, Priority } from '../model/memory.ts';
import type { NewTask, RetryPolicy } from '../model/task.ts';
import { checkTime, isoTime } from '../model/time.ts';
import { DEFAULT_RETRY } from '../ports/taskStore.ts';
import { withoutUndefined } from '../withoutUndefined.ts';

/** What a caller gives to have something done; everything but the title has a default. */
export interface TaskDraft {
  readonly title: string;
  readonly id?: string | undefined;
  readonly description?: string | undefined;
  readonly payload?: Metadata | undefined;
  readonly priority?: Priority | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly preferredAgent?: string | undefined;
  readonly dependsOn?: readonly string[] | undefined;
  /** ms since the epoch */
  readonly deadline?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly leaseMs?: number | undefined;
  readonly maxLosses?: number | null | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Long enough for a renewal that comes late, short enough that a crash is noticed. */
const LEASE_MS = 60_000;
/** Who takes its agents along so often is itself the fault. */
const MAX_LOSSES = 10;

/** The longest pause before another try, ms. */
const MOST_PAUSE_MS = 366 * 24 * 3_600_000;

/** A task of a draft, checked. Throws `invalid_input`, `too_large`. @param now ms since the epoch, which a deadline lies behind */
export function newTask(
  draft: TaskDraft,
  made: Pick<NewTask, 'id' | 'namespace' | 'owner' | 'submittedBy'>,
  now: number,
): NewTask {
  const { title, description = '', payload = {}, capabilities = [], dependsOn = [] } = draft;
  const task: NewTask = {
    ...made,
    title,
    description,
    payload,
    priority: draft.priority ?? 'medium',
    capabilities: [...new Set(capabilities)].sort(),
    preferredAgent: draft.preferredAgent ?? null,
    dependsOn: [...new Set(dependsOn)],
    deadline: draft.deadline ?? null,
    retry: { ...DEFAULT_RETRY, ...withoutUndefined(draft.retry ?? {}) },
    leaseMs: checkLeaseMs(draft.leaseMs ?? LEASE_MS),
    maxLosses: draft.maxLosses === undefined ? MAX_LOSSES : draft.maxLosses,
    idempotencyKey: draft.idempotencyKey ?? null,
  };
  check(task);
  if (task.deadline !== null && task.deadline <= now)
    throw refused(
      `The deadline ${isoTime(task.deadline)} is over.`,
      'Give one that lies ahead, or leave it out.',
    );
  return task;
}

/** Throws `invalid_input`. @param ms that a task waits until it is tried again */
export function checkPauseMs(ms: number): void {
  if (ms >= 0 && ms <= MOST_PAUSE_MS) return;
  throw refused(`A pause of ${ms / 1000} s is asked for.`, 'Ask for 0 seconds to one year.');
}

function check(task: NewTask): void {
  const { id, title, description, payload, capabilities, dependsOn, idempotencyKey } = task;
  if (title.trim() === '')
    throw refused('The title of a task is empty.', 'Say in a few words what is to be done.');
  if (id === '') throw refused('The id of a task is empty.', 'Give 1 to 200 characters, or leave it out.');
  if (task.deadline !== null) checkTime('The deadline', task.deadline);
  checkPauseMs(task.retry.baseMs);
  checkLabel('The title', title, LIMITS.titleChars);
  checkLabel('The id', id, LIMITS.idChars);
  checkLabel('The idempotency key', idempotencyKey ?? '', LIMITS.idChars);
  checkLabel('The preferred agent', task.preferredAgent ?? '', LIMITS.idChars);
  checkText('The description', description, LIMITS.workChars);
  checkText('The payload', JSON.stringify(payload), LIMITS.workChars);
  checkTexts('The payload', payload);
  checkCount('capabilities', capabilities, LIMITS.capabilities);
  checkCount('dependencies', dependsOn, LIMITS.dependencies);
  for (const one of capabilities) checkLabel('A capability', one, LIMITS.tagChars);
  for (const one of dependsOn) checkLabel('A dependency', one, LIMITS.idChars);
  if (dependsOn.includes(id))
    throw refused(`The task "${id}" depends on itself.`, 'Leave its own id out of depends_on.');
}

function checkCount(what: string, list: readonly string[], most: number): void {
  if (list.length > most)
    throw new MemoryError('too_large', `A task has ${list.length} ${what}.`, `Give at most ${most}.`);
}

function refused(message: string, fix: string): MemoryError {
  return new MemoryError('invalid_input', message, fix);
}
