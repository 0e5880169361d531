import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import type { UpdateOptions } from '../../engine/memories/draft.ts';
import type { Stored } from '../../engine/memories/memories.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import { type Anchor, type MemoryPatch, REVIEW_STATES } from '../../engine/model/memory.ts';
import { withoutUndefined } from '../../engine/withoutUndefined.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { anchors } from './storeMemoryInput.ts';

const input = z.strictObject({
  memory_id: field.memoryId,
  content: z.string().min(1).max(LIMITS.contentChars).optional(),
  memory_type: field.memoryType.optional(),
  priority: field.priority.optional(),
  visibility: field.visibility.optional(),
  tags: field.tags.optional().describe('Replaces all'),
  metadata: field.metadata.optional(),
  pinned: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  ttl_seconds: z.number().int().min(1).max(3_155_760_000).optional(),
  expected_version: z.number().int().min(1).optional().describe('Refuse if it changed since'),
  shared_with: z.array(field.name).max(LIMITS.sharedWith).optional(),
  trust: z.number().min(0).max(1).optional(),
  review: z.enum(REVIEW_STATES).optional(),
  supersedes: field.memoryId.optional(),
  anchors: anchors.optional().describe('Replaces all places in code'),
  valid_from: field.instant.optional(),
  valid_until: field.instant.optional(),
});

const output = z.object({
  id: z.string(),
  version: z.number(),
  operation_id: z.string().nullable(),
  masked_secrets: z.array(z.string()).optional(),
});

export const updateMemory = defineTool({
  name: 'update_memory',
  title: 'Update a memory',
  description: 'Changes the given fields of a memory; the old version is kept. Returns the new version.',
  effect: 'writes',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  withinNamespaces: true,
  input,
  advanced: [
    'memory_type',
    'metadata',
    'ttl_seconds',
    'visibility',
    'sensitive',
    'shared_with',
    'trust',
    'review',
    'supersedes',
    'anchors',
    'valid_from',
    'valid_until',
  ],
  output,
  async handle(given, { engine, caller }) {
    const { id, options, patch } = updateOf(given);
    return viewUpdated(await engine.memories.update(id, patch, caller, options));
  },
  summarize: ({ id, version, masked_secrets }) =>
    `Updated ${oneLine(id)} to version ${version}.${masked_secrets ? ` Masked secrets: ${masked_secrets.join(', ')}.` : ''}`,
});

/** update_memory's input in the engine's terms. */
export function updateOf({
  memory_id,
  memory_type,
  ttl_seconds,
  expected_version,
  shared_with,
  anchors,
  valid_from,
  valid_until,
  ...same
}: z.infer<typeof input>): { id: string; patch: MemoryPatch; options: UpdateOptions } {
  const patch = {
    ...same,
    type: memory_type,
    sharedWith: shared_with,
    anchors: anchors as readonly Anchor[] | undefined,
    validFrom: field.toMs(valid_from),
    validUntil: field.toMs(valid_until),
  };
  return {
    id: memory_id,
    patch: withoutUndefined(patch),
    options: { expectedVersion: expected_version, ttlSeconds: ttl_seconds },
  };
}

/** What is told of a memory that was updated. */
export function viewUpdated({
  memory,
  operationId,
  secrets,
}: Pick<Stored, 'memory' | 'operationId' | 'secrets'>): z.input<typeof output> {
  return {
    id: memory.id,
    version: memory.version,
    operation_id: operationId,
    ...(secrets.length > 0 && { masked_secrets: [...secrets] }),
  };
}
