import type { Metadata } from '../model/memory.ts';
import type { Failure, Offer, Renewal } from '../ports/taskStore.ts';
import { pauseMs } from './pause.ts';
import { DEADLINE_OVER, LOST_TOO_OFTEN } from './reasons.ts';
import { allows, type TaskEvent } from './taskMachine.ts';
import { ready, type TaskFields, type TaskRecord } from './taskRecord.ts';

/** One step of the state machine, decided and not yet taken. */
export interface Step {
  readonly event: TaskEvent;
  /** For the history. */
  readonly by: string;
  readonly note: string | null;
  readonly fields: TaskFields;
}

/** In the history: time or another task did it. */
export const STORE = 'store';

const LEASE_OVER = { holder: null, leaseUntil: null } as const;

export function claim(
  task: TaskRecord,
  lease: { readonly agent: string; readonly id: string; readonly ms: number | undefined },
  now: number,
): Step {
  return step('claim', lease.agent, null, {
    state: 'leased',
    fence: task.fence + 1,
    holder: lease.agent,
    leaseUntil: now + (lease.ms ?? task.leaseMs),
    leaseId: lease.id,
    leaseEnd: null,
    offeredTo: null,
    offerUntil: null,
    progress: null,
  });
}

export function renew(task: TaskRecord, { leaseMs, progress, note }: Renewal, now: number): Step {
  return step('renew', task.holder!, note ?? null, {
    leaseUntil: now + (leaseMs ?? task.leaseMs),
    progress: progress ?? task.progress,
    note: note ?? task.note,
  });
}

/** Whether a renewal says what was not known. */
export function saysMore(task: TaskRecord, { progress, note }: Renewal): boolean {
  return (progress ?? task.progress) !== task.progress || (note ?? task.note) !== task.note;
}

export function ask(task: TaskRecord, question: string): Step {
  return step('ask', task.holder!, question, {
    ...LEASE_OVER,
    state: 'input_required',
    leaseEnd: 'ask',
    question,
    answer: null,
    nextAgent: task.holder,
    nextOfferMs: task.leaseMs,
  });
}

export function answer(task: TaskRecord, text: string, by: string, now: number): Step {
  return step('answer', by, text, { ...ready(task, now), answer: text });
}

export function complete(task: TaskRecord, result: Metadata, metrics: Metadata, now: number): Step {
  return step('complete', task.holder!, null, {
    ...LEASE_OVER,
    state: 'completed',
    leaseEnd: 'complete',
    result,
    metrics,
    finishedAt: now,
  });
}

export function fail(task: TaskRecord, failure: Failure, now: number): Step {
  const { reason, retryable, retryAfterMs, jitter } = failure;
  const failures = task.failures + 1;
  const fields = { ...LEASE_OVER, leaseEnd: 'fail', failures, reason } as const;
  if (!retryable || failures > task.retry.max)
    return step('fail', task.holder!, reason, { ...fields, state: 'dead', finishedAt: now });
  const dueAt = now + (retryAfterMs ?? pauseMs(task.retry, task.failures, jitter));
  return step('fail', task.holder!, reason, { ...fields, state: 'retry_wait', dueAt });
}

export function release(
  task: TaskRecord,
  { note, offer }: { readonly note?: string; readonly offer?: Offer },
  now: number,
): Step {
  const next = { ...task, nextAgent: offer?.agent ?? null, nextOfferMs: offer?.ms ?? null };
  return step('release', task.holder!, note ?? null, {
    ...LEASE_OVER,
    ...ready(next, now),
    leaseEnd: 'release',
    note: note ?? task.note,
  });
}

export function lose(task: TaskRecord, now: number): Step {
  const losses = task.losses + 1;
  const fields = { ...LEASE_OVER, leaseEnd: 'lose', losses } as const;
  if (task.maxLosses === null || losses < task.maxLosses)
    return step('lose', STORE, null, { ...fields, ...ready(task, now) });
  return step('lose', STORE, null, { ...fields, state: 'dead', reason: LOST_TOO_OFTEN, finishedAt: now });
}

export function open(): Step {
  return step('open', STORE, null, { offeredTo: null, offerUntil: null });
}

/** @param offer undefined: whoever comes first */
export function assign(task: TaskRecord, offer: Offer | undefined, by: string, now: number): Step {
  const next = { ...task, nextAgent: offer?.agent ?? null, nextOfferMs: offer?.ms ?? null };
  const { score, ...offered } = ready(next, now);
  // Who waits already keeps its place.
  const fields = task.state === 'ready' ? offered : { ...offered, score: score!, dueAt: null };
  return step('assign', by, offer?.agent ?? null, fields);
}

/** Its last open dependency was completed. */
export function unblock(task: TaskRecord, now: number): Step {
  return step('unblock', STORE, null, { ...ready(task, now), openDependencies: 0 });
}

export function cancel(task: TaskRecord, reason: string, by: string, now: number): Step {
  return step('cancel', by, reason, {
    ...ENDED,
    state: 'cancelled',
    leaseEnd: task.leaseEnd ?? (task.holder === null ? null : 'cancel'),
    reason,
    finishedAt: now,
  });
}

/** A dead one, with all its retries and without its deadline. */
export function requeue(task: TaskRecord, by: string, now: number): Step {
  const again = { failures: 0, losses: 0, deadline: null, finishedAt: null } as const;
  const state = task.openDependencies > 0 ? ({ state: 'blocked' } as const) : ready(task, now);
  return step('requeue', by, null, { ...again, ...state });
}

/** What time does to it now; undefined: nothing. */
export function timeStep(task: TaskRecord, now: number): Step | undefined {
  const { state, leaseUntil, deadline, dueAt, offerUntil } = task;
  const over = (time: number | null) => time !== null && time <= now;
  if (state === 'leased') return over(leaseUntil) ? lose(task, now) : undefined;
  if (allows('overdue', state) && over(deadline))
    return step('overdue', STORE, null, { ...ENDED, state: 'dead', reason: DEADLINE_OVER, finishedAt: now });
  if (state === 'retry_wait' && over(dueAt))
    return step('due', STORE, null, { ...ready(task, now), dueAt: null });
  return state === 'ready' && over(offerUntil) ? open() : undefined;
}

const ENDED = {
  ...LEASE_OVER,
  offeredTo: null,
  offerUntil: null,
  nextAgent: null,
  nextOfferMs: null,
  dueAt: null,
} as const;

function step(event: TaskEvent, by: string, note: string | null, fields: TaskFields): Step {
  return { event, by, note, fields };
}
