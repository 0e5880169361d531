import { MemoryError } from '../../engine/errors.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Memory, MemoryPatch } from '../../engine/model/memory.ts';

/** Fields that say nothing but how the review stands; with others, such as the text of before, they are those of an accepted version. */
const REVIEW = ['review', 'unreviewedBy'];

/** Throws `forbidden` when another than the owner would change who sees the memory, or decrypt it, and when who is no person would accept it. */
export function checkMayChange(memory: Memory, patch: MemoryPatch, caller: Caller): void {
  const names = Object.keys(patch);
  if (!caller.person && patch.review === 'accepted' && names.every(name => REVIEW.includes(name)))
    throw new MemoryError(
      'forbidden',
      `Only a person may accept "${memory.id}".`,
      'Leave it to the Review view of the editor, or to `memory-central review`.',
    );
  const decrypts = memory.sensitive && patch.sensitive === false;
  const changesAudience = patch.visibility !== undefined || patch.sharedWith !== undefined || decrypts;
  if (!changesAudience || memory.owner === caller.principal.id) return;
  throw new MemoryError(
    'forbidden',
    `Only its owner (${memory.owner}) may ${decrypts ? 'lift the encryption of' : 'change who sees'} "${memory.id}".`,
    'Store a memory of your own instead.',
  );
}
