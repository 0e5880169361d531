import type { z } from 'zod';
import type { Draft } from '../../engine/memories/memories.ts';
import type { Anchor } from '../../engine/model/memory.ts';
import { toMs } from '../fields.ts';
import type { storeMemoryInput } from './storeMemory.ts';

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
    id: input.memory_id,
    externalId: input.external_id,
    trust: input.trust,
    supersedes: input.supersedes,
    createdAt: toMs(input.created_at),
    validFrom: toMs(input.valid_from),
    validUntil: toMs(input.valid_until),
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
