import { type ErrorCode, MemoryError } from '../../engine/errors.ts';

/** What the process ends with, by the kind of failure: scripts rely on it. 0 is success, 1 a bug or a failed check. */
export const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 2,
  too_large: 2,
  not_found: 3,
  conflict: 4,
  stale_lease: 4,
  unavailable: 5,
  forbidden: 6,
  cancelled: 130,
};

export const EXIT_CODES_HELP = `Exit codes:
  0    done
  1    a bug, doctor found a failure, or a migration's two sides differ
  2    invalid input, or too large
  3    not found
  4    conflict: changed or taken meanwhile
  5    unavailable: the store, the model or a file cannot be used now
  6    forbidden
  130  cancelled (Ctrl-C)`;

export function exitCodeOf(error: unknown): number {
  return MemoryError.is(error) ? EXIT_CODES[error.code] : 1;
}
