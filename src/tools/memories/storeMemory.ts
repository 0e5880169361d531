import { z } from 'zod';
import { LIMITS } from '../../engine/model/limits.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { draftOf } from './draft.ts';

const anchor = z.strictObject({
  repository: z.string().optional(),
  path: z.string().min(1),
  commit: z.string().optional(),
  startLine: z.number().int().min(1).optional(),
  endLine: z.number().int().min(1).optional(),
  textHash: z.string().optional(),
});

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
  pinned: z.boolean().optional().describe('Kept at the top of lists and never expired'),
  shared_with: z
    .array(field.name)
    .max(LIMITS.sharedWith)
    .optional()
    .describe('Principals or clients that a shared memory is shared with'),
  memory_id: field.memoryId.optional().describe('Your own id; default: a new one'),
  external_id: field.name.optional().describe('Id in the system it comes from'),
  source: z.string().min(1).max(LIMITS.nameChars).optional().describe('Where it comes from; default: agent'),
  source_uri: z.string().max(2000).optional(),
  trust: z.number().min(0).max(1).optional().describe('0 rumour, 1 stated by a person'),
  supersedes: field.memoryId.optional().describe('Id of the memory this one replaces'),
  created_at: field.instant.optional().describe('When it happened; default: now'),
  valid_from: field.instant.optional(),
  valid_until: field.instant.optional(),
  anchors: z.array(anchor).max(LIMITS.anchors).optional().describe('Places in code it speaks of'),
});

export const storeMemory = defineTool({
  name: 'store_memory',
  title: 'Store a memory',
  description: `Remembers something for every agent of this repository. Returns its id; known content is not stored twice.
Use it for decisions, findings, preferences. To correct one, use update_memory.`,
  effect: 'writes',
  idempotent: true,
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: storeMemoryInput,
  output: z.object({
    id: z.string(),
    namespace: z.string(),
    version: z.number(),
    duplicate: z.boolean(),
    expires_at: z.string().nullable(),
    operation_id: z.string().nullable(),
    masked_secrets: z.array(z.string()).optional(),
  }),
  advanced: [
    'pinned',
    'shared_with',
    'memory_id',
    'external_id',
    'source',
    'source_uri',
    'trust',
    'supersedes',
    'created_at',
    'valid_from',
    'valid_until',
    'anchors',
  ],
  async handle(input, { engine, caller }) {
    const [stored] = await engine.memories.store([draftOf(input)], caller);
    const { memory, duplicate, operationId, secrets } = stored!;
    return {
      id: memory.id,
      namespace: memory.namespace,
      version: memory.version,
      duplicate,
      expires_at: memory.expiresAt === null ? null : new Date(memory.expiresAt).toISOString(),
      operation_id: operationId,
      ...(secrets.length > 0 && { masked_secrets: [...secrets] }),
    };
  },
  summarize: ({ id, namespace, duplicate, masked_secrets }) =>
    (duplicate ? `Known already as ${id}; its access count was raised.` : `Stored ${id} in ${namespace}.`) +
    (masked_secrets ? ` Masked secrets: ${masked_secrets.join(', ')}.` : ''),
});
