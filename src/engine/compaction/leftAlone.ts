import { DISTINCT_BY } from '../memories/contentHash.ts';
import type { Memory } from '../model/memory.ts';

/** Why a memory is not merged with others. */
export type LeftAlone =
  | 'pinned'
  | 'sensitive'
  | 'shared'
  | 'anchored'
  | 'imported'
  | 'dated'
  | 'conversation'
  | 'unreviewed'
  | 'rejected'
  | 'taken apart';

/** What it says of itself; whether it is shared by a context, or was taken apart, others know. @param unreviewed those are merged, too */
export function whyAlone(memory: Memory, unreviewed: boolean): LeftAlone | undefined {
  const {
    anchors,
    externalId,
    pinned,
    review,
    sensitive,
    session,
    type,
    supersedes,
    validFrom,
    validUntil,
    visibility,
  } = memory;
  if (pinned) return 'pinned';
  if (sensitive) return 'sensitive';
  if (visibility === 'shared') return 'shared';
  if (anchors.length > 0) return 'anchored';
  // It would come again with the next import.
  if (externalId !== null) return 'imported';
  if (supersedes !== null || validFrom !== null || validUntil !== null) return 'dated';
  // What was said twice was said twice.
  if (type === 'conversation' && session !== null) return 'conversation';
  if (review === 'rejected') return 'rejected';
  return review === 'unreviewed' && !unreviewed ? 'unreviewed' : undefined;
}

/** Whether two may be one at all: of one namespace, seen by the same, of one kind, and not kept apart, as what two users said is. */
export function mayMeet(one: Memory, other: Memory): boolean {
  return (
    one.namespace === other.namespace &&
    one.type === other.type &&
    one.review === other.review &&
    one.metadata[DISTINCT_BY] === other.metadata[DISTINCT_BY] &&
    one.visibility === other.visibility &&
    (one.visibility === 'public' || one.owner === other.owner) &&
    rankOf(one) === rankOf(other)
  );
}

/** Critical memories stay among themselves, and so do those that were put away. */
function rankOf({ priority }: Memory): string {
  return priority === 'critical' || priority === 'archive' ? priority : '';
}
