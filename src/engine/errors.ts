/** Why a call failed. Stable: clients match on it. */
export type ErrorCode =
  | 'invalid_input'
  | 'not_found'
  | 'conflict'
  | 'stale_lease'
  | 'forbidden'
  | 'unavailable'
  | 'too_large'
  | 'cancelled';

/**
 * A failure the caller may see. `message` says what happened, `fix` what to do next:
 * a model reads both. Anything else thrown is a bug and goes to the log.
 */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
  readonly code: ErrorCode;
  readonly fix: string;

  constructor(code: ErrorCode, message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.fix = fix;
  }

  static is(error: unknown, code?: ErrorCode): error is MemoryError {
    return error instanceof MemoryError && (code === undefined || error.code === code);
  }
}
