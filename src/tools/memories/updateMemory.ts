import { z } from 'zod';
import { LIMITS } from '../../engine/model/limits.ts';
import { REVIEW_STATES } from '../../engine/model/memory.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';

export const updateMemory = defineTool({
  name: 'update_memory',
  title: 'Update a memory',
  description: 'Changes the given fields of a memory; the old version is kept. Returns the new version.',
  effect: 'writes',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
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
    valid_from: field.instant.optional(),
    valid_until: field.instant.optional(),
  }),
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
    'valid_from',
    'valid_until',
  ],
  output: z.object({
    id: z.string(),
    version: z.number(),
    operation_id: z.string().nullable(),
    masked_secrets: z.array(z.string()).optional(),
  }),
  async handle(input, { engine, caller }) {
    const {
      memory_id,
      memory_type,
      ttl_seconds,
      expected_version,
      shared_with,
      valid_from,
      valid_until,
      ...same
    } = input;
    const patch = {
      ...same,
      type: memory_type,
      sharedWith: shared_with,
      validFrom: field.toMs(valid_from),
      validUntil: field.toMs(valid_until),
    };
    const { memory, operationId, secrets } = await engine.memories.update(
      memory_id,
      Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
      caller,
      { expectedVersion: expected_version, ttlSeconds: ttl_seconds },
    );
    return {
      id: memory.id,
      version: memory.version,
      operation_id: operationId,
      ...(secrets.length > 0 && { masked_secrets: [...secrets] }),
    };
  },
  summarize: ({ id, version, masked_secrets }) =>
    `Updated ${id} to version ${version}.${masked_secrets ? ` Masked secrets: ${masked_secrets.join(', ')}.` : ''}`,
});
