import { MemoryError } from '../../engine/errors.ts';

/** What could not be read, as with a locked store, is tried again so much later: nobody tells when a lock ends. Milliseconds. */
export const RETRY_MS = 5_000;

/** Why something could not be read, and what to do. */
export function problemText(error: unknown): string {
  return MemoryError.is(error) ? `${error.message} ${error.fix}` : String(error);
}
