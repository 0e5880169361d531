import { MemoryError } from '../errors.ts';

/** Redis was emptied or replaced, or the address leads elsewhere. */
export function anotherMemory(address: string): MemoryError {
  return new MemoryError(
    'conflict',
    `${address} holds another memory than the one this machine followed.`,
    'Correct the address; where Redis was emptied or replaced, bring the memories back as docs/operations.md says.',
  );
}
