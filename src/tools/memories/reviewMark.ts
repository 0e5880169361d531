import { z } from 'zod';
import type { Memory } from '../../engine/model/memory.ts';
import type { ReviewGate } from '../../engine/model/reviewGate.ts';

/** No person has looked at it; absent where one has, or where the setting review.gate does not ask. */
export const review = z.literal('unreviewed').optional();

export function viewReview(memory: Memory, gate: ReviewGate): { review?: 'unreviewed' } {
  return gate === 'off' || memory.review !== 'unreviewed' ? {} : { review: 'unreviewed' };
}

/** What a line about a memory says of it. */
export function reviewText(mark: 'unreviewed' | undefined): string {
  return mark ? ` [${mark}]` : '';
}
