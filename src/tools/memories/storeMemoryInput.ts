import { z } from 'zod';
import type { Draft } from '../../engine/memories/draft.ts';
import { LIMITS } from '../../engine/model/limits.ts';
import type { Anchor } from '../../engine/model/memory.ts';
import * as field from '../fields.ts';

const anchor = z.strictObject({
  repository: z.string().optional(),
  path: z.string().min(1),
  commit: z.string().optional(),
  startLine: z.number().int().min(1).optional(),
  endLine: z.number().int().min(1).optional(),
  textHash: z.string().optional(),
});

export const anchors = z.array(anchor).max(LIMITS.anchors);

export const storeMemoryInput = z.strictObject({
  content: z.string().min(1).max(LIMITS.contentChars).describe('One fact or finding, self-contained'),
  memory_type: field.memoryType.default('context'),
  priority: field.priority.default('medium'),
  tags: field.tags.optional(),
  visibility: field.visibility.optional(),
  agent_id: field.name.optional(),
  session_id: field.name.optional(),
  metadata: field.metadata.optional(),
  ttl_seconds: z.number().int().min(1).max(3_155_760_000).optional(),
  namespace: field.writeNamespace,
  sensitive: z.boolean().optional().describe('Encrypted at rest'),
  pinned: z.boolean().optional().describe('Kept at the top of lists and never expired'),
  shared_with: z
    .array(field.name)
    .max(LIMITS.sharedWith)
    .optional()
    .describe('Principals, clients or agents that a shared memory is shared with'),
  memory_id: field.memoryId.optional().describe('Your own id; default: a new one'),
  external_id: field.name.optional().describe('Id in the system it comes from'),
  source: z.string().min(1).max(LIMITS.nameChars).optional().describe('Where it comes from; default: agent'),
  source_uri: z.string().max(2000).optional(),
  trust: z.number().min(0).max(1).optional().describe('0 rumour, 1 stated by a person'),
  supersedes: field.memoryId.optional().describe('Id of the memory this one replaces'),
  created_at: field.instant.optional().describe('When it happened; default: now'),
  valid_from: field.instant.optional(),
  valid_until: field.instant.optional(),
  anchors: anchors.optional().describe('Places in code it speaks of'),
});

/** store_memory's input in the engine's terms. */
export function draftOf(input: z.infer<typeof storeMemoryInput>): Draft {
  return {
    content: input.content,
    namespace: input.namespace,
    type: input.memory_type,
    priority: input.priority,
    visibility: input.visibility,
    sharedWith: input.shared_with,
    agent: input.agent_id,
    session: input.session_id,
    tags: input.tags,
    metadata: input.metadata,
    ttlSeconds: input.ttl_seconds,
    pinned: input.pinned,
    sensitive: input.sensitive,
    id: input.memory_id,
    externalId: input.external_id,
    trust: input.trust,
    supersedes: input.supersedes,
    createdAt: field.toMs(input.created_at),
    validFrom: field.toMs(input.valid_from),
    validUntil: field.toMs(input.valid_until),
    anchors: input.anchors as readonly Anchor[] | undefined,
    provenance:
      input.source === undefined && input.source_uri === undefined
        ? undefined
        : {
            source: input.source ?? 'agent',
            ...(input.source_uri !== undefined && { uri: input.source_uri }),
          },
  };
}
