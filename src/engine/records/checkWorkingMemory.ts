import type { WorkingMemoryKey } from '../ports/workingMemoryRecords.ts';
import { checkName } from './checkRecord.ts';

/** Throws `invalid_input` for what cannot be part of a key. */
export function checkWorkingMemory({ namespace, session, user }: WorkingMemoryKey): void {
  checkName('The id of a session', session);
  checkName('A namespace', namespace);
  if (user !== '') checkName('The id of a user', user);
}
