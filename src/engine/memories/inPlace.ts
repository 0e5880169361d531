import { MemoryError } from '../errors.ts';

/**
 * The failure of one of several changes that are done together, saying which it was.
 * @param place from 1
 */
export function inPlace(error: unknown, place: number, of: number): unknown {
  if (!MemoryError.is(error)) return error;
  const { cause, code, fix, message } = error;
  return new MemoryError(code, `Change ${place} of ${of}: ${message}`, fix, { cause });
}
