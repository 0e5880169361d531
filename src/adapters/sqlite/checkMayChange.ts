import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';

/** Throws `forbidden` when another than the owner would change who sees the memory, or decrypt it. */
export function checkMayChange(memory: Memory, patch: MemoryPatch, caller: Caller): void {
  const decrypts = memory.sensitive && patch.sensitive === false;
  const changesAudience = patch.visibility !== undefined || patch.sharedWith !== undefined || decrypts;
  if (!changesAudience || memory.owner === caller.principal.id) return;
  throw new MemoryError(
    'forbidden',
    `Only its owner (${memory.owner}) may ${decrypts ? 'lift the encryption of' : 'change who sees'} "${memory.id}".`,
    'Store a memory of your own instead.',
  );
}
