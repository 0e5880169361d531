import { MemoryError } from '../errors.ts';
import type { JobProgress, JobRequest, JobSchedule } from '../ports/jobQueue.ts';

const HOUR_MS = 3_600_000;
const MAX_PAYLOAD = 100_000;
const MAX_PROBLEM = 2_000;
const LEAST_INTERVAL_MS = 100;

/** When a job is dead, and for how long it is remembered; the same in every queue. */
export const JOB_RULES = {
  /** It is dead with so many failed attempts; before each retry it pauses twice as long. */
  failures: 5,
  firstPauseMs: 1_000,
  /** However they ended: one that kills whoever does it is dead after so many. */
  starts: 10,
  /** Whoever does a job says so often that it lives; ms */
  leaseMs: 30_000,
  /** It is dead when so long after a first worker that did not know it no other has done it. Releases change within hours. */
  unknownMs: 24 * HOUR_MS,
  /** Of those that are completed. The dead stay until somebody removes them. */
  kept: { ageMs: 24 * HOUR_MS, count: 1_000 },
} as const;

/** What tests make shorter. */
export type JobRules = Record<'firstPauseMs' | 'leaseMs' | 'starts' | 'unknownMs', number>;

/** Between two looks at a job that nobody has known yet, ms; in between a part of how long it has waited. */
const UNKNOWN_PAUSE = { least: 1_000, most: 5 * 60_000, part: 0.1 };

/** @param failures until now, >= 1 @returns ms */
export function pauseAfter(failures: number, firstPauseMs: number): number {
  return firstPauseMs * 2 ** (failures - 1);
}

/** What becomes of a job that the worker that has it does not know. */
export interface Left {
  /** Another may look at it then, ms since the epoch; null: it is dead. */
  readonly dueAt: number | null;
  readonly problem: string;
}

/**
 * It rests longer the longer it has waited: a newer worker that comes soon has it soon, and none that does not know it is kept busy.
 *
 * @param since when a worker first did not know it
 * @param now ms since the epoch
 */
export function leave(name: string, since: number, now: number, unknownMs: number): Left {
  const end = since + unknownMs;
  const unknown = `No worker that took it knows a job "${name}"`;
  if (now >= end) return { dueAt: null, problem: `${unknown}. Start one that does, then retry it.` };
  const { least, most, part } = UNKNOWN_PAUSE;
  const dueAt = Math.min(now + Math.min(Math.max(Math.round((now - since) * part), least), most), end);
  const until = new Date(end).toISOString();
  return {
    dueAt,
    problem: `${unknown}: until ${until} it waits for one that does, such as of a newer release.`,
  };
}

/** What is told of a job that was begun too often. */
export const BEGUN_TOO_OFTEN = 'It was begun too often and never ended: whoever did it died, or was held up.';

/** Throws `invalid_input`. */
export function checkJobRequest({ key, payload, delayMs = 0 }: JobRequest): void {
  if (key !== undefined && (!/^[\w.-]{1,128}$/.test(key) || /^\d+$/.test(key)))
    refuse(
      `"${key}" is no key of a job.`,
      'Give 1 to 128 letters, digits, ".", "_" and "-", not digits alone.',
    );
  if (!Number.isSafeInteger(delayMs) || delayMs < 0)
    refuse(`The delay is ${delayMs}.`, 'Give whole milliseconds that are not negative.');
  checkPayload(payload);
}

/** Throws `invalid_input`. */
export function checkJobSchedule({ id, everyMs, payload }: JobSchedule): void {
  if (!/^[\w.-]{1,100}$/.test(id))
    refuse(`"${id}" is no id of a schedule.`, 'Give 1 to 100 letters, digits, ".", "_" and "-".');
  if (!Number.isSafeInteger(everyMs) || everyMs < LEAST_INTERVAL_MS)
    refuse(`The interval is ${everyMs}.`, `Give whole milliseconds, at least ${LEAST_INTERVAL_MS}.`);
  checkPayload(payload);
}

/** Whether a schedule was planned with a clock that was ahead: the next time of another is within two intervals. Times in ms since the epoch */
export function isFarOff(nextAt: number, everyMs: number, now: number): boolean {
  return nextAt > now + 2 * everyMs;
}

/** Whether trying again is no use. */
export function isHopeless(error: unknown): boolean {
  return MemoryError.is(error, 'invalid_input');
}

/** Why an attempt failed, for an operator: at most 2,000 characters. */
export function problemOf(error: unknown): string {
  const { message, fix } = (error ?? {}) as Partial<MemoryError>;
  const text = [message ?? String(error), fix].filter(Boolean).join(' ');
  return text.slice(0, MAX_PROBLEM);
}

/** What is kept as progress; null for what is none. */
export function readProgress(value: unknown): JobProgress | null {
  const { done, total, message } = (value ?? {}) as Partial<JobProgress>;
  if (typeof done !== 'number') return null;
  return {
    done,
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message }),
  };
}

function checkPayload(payload: unknown): void {
  if (JSON.stringify(payload).length > MAX_PAYLOAD)
    refuse(
      `The payload is longer than ${MAX_PAYLOAD} characters.`,
      'Name what is meant instead of sending it.',
    );
}

function refuse(message: string, fix: string): never {
  throw new MemoryError('invalid_input', message, fix);
}
