import { z } from 'zod';
import { defineTool } from '../defineTool.ts';
import { draftOf, storeMemoryInput } from './storeMemoryInput.ts';

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
