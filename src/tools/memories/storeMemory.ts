import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import type { Stored } from '../../engine/memories/memories.ts';
import { isoOrNull } from '../../engine/model/time.ts';
import { defineTool } from '../defineTool.ts';
import { draftOf, storeMemoryInput } from './storeMemoryInput.ts';

const output = z.object({
  id: z.string(),
  namespace: z.string(),
  version: z.number(),
  duplicate: z.boolean(),
  expires_at: z.string().nullable(),
  operation_id: z.string().nullable(),
  masked_secrets: z.array(z.string()).optional(),
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
  output,
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
    return viewStored(stored!);
  },
  summarize: ({ id, namespace, duplicate, masked_secrets }) =>
    (duplicate
      ? `Known already as ${oneLine(id)}; its access count was raised.`
      : `Stored ${oneLine(id)} in ${namespace}.`) +
    (masked_secrets ? ` Masked secrets: ${masked_secrets.join(', ')}.` : ''),
});

/** What is told of a memory that was stored. */
export function viewStored({ memory, duplicate, operationId, secrets }: Stored): z.input<typeof output> {
  return {
    id: memory.id,
    namespace: memory.namespace,
    version: memory.version,
    duplicate,
    expires_at: isoOrNull(memory.expiresAt),
    operation_id: operationId,
    ...(secrets.length > 0 && { masked_secrets: [...secrets] }),
  };
}
