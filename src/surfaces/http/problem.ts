import { type ErrorCode, MemoryError } from '../../engine/errors.ts';

/** What each code is in HTTP. */
export const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale_lease: 409,
  too_large: 413,
  // The client is gone; nobody reads it.
  cancelled: 499,
  unavailable: 503,
};

/** RFC 9457, with our code and what to do next. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly fix: string;
}

/** @returns undefined for a bug: its words are for the log only */
export function problemOf(error: unknown): Problem | undefined {
  if (!MemoryError.is(error)) return undefined;
  return { title: error.message, status: STATUS[error.code], code: error.code, fix: error.fix };
}

export const BUG: Problem = {
  title: 'The server failed.',
  status: 500,
  code: 'internal',
  fix: 'Its log says why. Try again, and report it where it stays.',
};
