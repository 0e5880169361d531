import type { Memory, MemoryPatch } from '../../../engine/model/memory.ts';
import type { Operation } from '../../../engine/model/operation.ts';

/** Whoever accepted did not see what was changed elsewhere meanwhile: then it waits for review, whichever was later. */
export function mergedReview(
  { patch, principal }: Operation,
  others: readonly Operation[],
  { review, unreviewedBy }: Memory,
): Partial<Pick<Memory, 'review' | 'unreviewedBy'>> {
  const accepted = others.some(other => other.patch.review === 'accepted');
  if (patch.review === undefined && accepted && changes(patch))
    return { review: 'unreviewed', unreviewedBy: principal };
  if (patch.review === 'accepted' && others.some(other => changes(other.patch)))
    return { review, unreviewedBy };
  return {};
}

/** There is more to look at than how the review stands. */
function changes(patch: MemoryPatch): boolean {
  return Object.keys(patch).some(name => name !== 'review' && name !== 'unreviewedBy');
}
