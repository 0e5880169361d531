import { z } from 'zod';
import { MemoryError } from '../../engine/errors.ts';
import type { Named } from '../../engine/review/reviews.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { reviewFilter } from './memoriesToReview.ts';

const OUTCOMES = ['accepted', 'forgotten', 'restored'] as const;

export const reviewMemories = defineTool({
  name: 'review_memories',
  title: 'Accept or reject memories',
  description:
    'A person accepts what agents stored or changed, or rejects it: a new memory is forgotten, a changed one becomes what was accepted last. Each decision can be undone with undo_change.',
  effect: 'writes',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    decision: z.enum(['accept', 'reject']).describe('What becomes of them'),
    memory_ids: z.array(field.memoryId).min(1).max(1000).optional().describe('From memories_to_review'),
    versions: z
      .array(z.number().int().min(1))
      .max(1000)
      .optional()
      .describe('What was looked at, by position: refuse if one changed since'),
    all: z.boolean().optional().describe('Instead of ids: all that match'),
    agent_id: field.name.optional().describe('With all: only those that bear this label'),
    session_id: field.name.optional(),
    instance: z.string().optional().describe('With all: only what this running session changed last'),
    namespace: field.readNamespace,
  }),
  output: z.object({
    decided: z.array(z.object({ id: z.string(), outcome: z.enum(OUTCOMES), operation_id: z.string() })),
  }),
  async handle(input, { engine: { reviews }, caller }) {
    const { all, decision, instance } = input;
    const named = all ? await reviews.waiting(reviewFilter(input, caller), caller, instance) : namedBy(input);
    const decided = await reviews[decision](named, caller);
    return {
      decided: decided.map(({ id, outcome, operationId }) => ({ id, outcome, operation_id: operationId })),
    };
  },
  summarize({ decided }) {
    const counts = OUTCOMES.flatMap(outcome => {
      const { length } = decided.filter(one => one.outcome === outcome);
      return length === 0 ? [] : [`${counted(length, 'memory', 'memories')} ${outcome}`];
    });
    return counts.length === 0 ? 'Nothing waited for review.' : `${counts.join(', ')}.`;
  },
});

function namedBy({
  memory_ids: ids,
  versions,
}: {
  readonly memory_ids?: string[] | undefined;
  readonly versions?: number[] | undefined;
}): readonly Named[] {
  if (!ids)
    throw new MemoryError(
      'invalid_input',
      'No memory is named; nothing was changed.',
      'Give memory_ids, or all.',
    );
  if (versions && versions.length !== ids.length)
    throw new MemoryError(
      'invalid_input',
      `There are ${versions.length} versions for ${ids.length} memories; nothing was changed.`,
      'Give one for each memory, in the same order, or none.',
    );
  return ids.map((id, i) => ({ id, version: versions?.[i] }));
}
