import { MemoryError } from '../errors.ts';
import type { Caller } from '../model/caller.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';

type Review = Pick<Memory, 'review' | 'unreviewedBy'>;

/** They say nothing of their own: what was reviewed stays so. */
const LABELS: readonly string[] = [
  'agent',
  'session',
  'visibility',
  'sharedWith',
  'sensitive',
  'expiresAt',
] satisfies (keyof MemoryPatch)[];

/** How something new begins: what a person stores by hand is reviewed with that, what an agent stores never is. */
export function newReview(
  given: { readonly [K in keyof Review]?: Review[K] | undefined },
  { person, principal }: Caller,
): Review {
  if (!person)
    return { review: given.review === 'rejected' ? 'rejected' : 'unreviewed', unreviewedBy: principal.id };
  const { review = 'accepted', unreviewedBy = null } = given;
  return { review, unreviewedBy: review === 'accepted' ? null : unreviewedBy };
}

/**
 * What a change makes of it: what an agent changes is unreviewed, what a person changes is reviewed. Throws `forbidden` for an agent that
 * would review.
 */
export function changedReview(before: Memory, patch: MemoryPatch, caller: Caller): Partial<Review> {
  const { person, principal } = caller;
  if (patch.review !== undefined) {
    demandPerson(caller);
    return { review: patch.review, unreviewedBy: patch.review === 'accepted' ? null : before.unreviewedBy };
  }
  if (person) return before.review === 'unreviewed' ? { review: 'accepted', unreviewedBy: null } : {};
  if (Object.keys(patch).every(name => LABELS.includes(name))) return {};
  if (before.review === 'unreviewed' && before.unreviewedBy === principal.id) return {};
  return { review: 'unreviewed', unreviewedBy: principal.id };
}

export function demandPerson({ person }: Caller): void {
  if (person) return;
  throw new MemoryError(
    'forbidden',
    'Only a person may review memories. Nothing was changed.',
    'Leave it to the Review view of the editor, or to `memory-central review`.',
  );
}
