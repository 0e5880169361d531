import { visible } from './foreignText.ts';

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

export interface MemoryErrorOptions extends ErrorOptions {
  readonly badCredentials?: boolean;
}

/**
 * A failure the caller may see. `message` says what happened, `fix` what to do next:
 * a model reads both. Anything else thrown is a bug and goes to the log.
 */
export class MemoryError extends Error {
  override readonly name = 'MemoryError';
  readonly code: ErrorCode;
  readonly fix: string;
  /** A server did not take the user or the password that this process has for it. */
  readonly badCredentials: boolean;

  constructor(code: ErrorCode, message: string, fix: string, options: MemoryErrorOptions = {}) {
    // They name what callers, others and files are called.
    super(visible(message), options);
    this.code = code;
    this.fix = visible(fix);
    this.badCredentials = options.badCredentials ?? false;
  }

  /** By its name: what a program loads late from a file of its own has a class of its own. */
  static is(error: unknown, code?: ErrorCode): error is MemoryError {
    if (!(error instanceof Error) || error.name !== 'MemoryError') return false;
    return code === undefined || (error as MemoryError).code === code;
  }
}
