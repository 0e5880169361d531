import { MemoryError } from '../errors.ts';
import type { JobData } from '../ports/jobQueue.ts';

/** Of a job that is given nothing. Throws `invalid_input`. */
export function noPayload(payload: JobData): undefined {
  const [field] = Object.keys(payload);
  if (field === undefined) return undefined;
  throw new MemoryError(
    'invalid_input',
    `The job takes no ${JSON.stringify(field)}.`,
    'Leave the payload out.',
  );
}
