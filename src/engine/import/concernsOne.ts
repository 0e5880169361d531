import { MemoryError } from '../errors.ts';

/** Failures of one memory, which the others need not suffer for; anything else ends an import. */
export function concernsOne(error: unknown): error is MemoryError {
  return MemoryError.is(error) && error.code !== 'unavailable' && error.code !== 'cancelled';
}
