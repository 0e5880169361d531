import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import type { Caller } from '../../engine/model/caller.ts';
import type { Memory } from '../../engine/model/memory.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { REVIEW_GATES } from '../../engine/model/reviewGate.ts';
import { isoTime } from '../../engine/model/time.ts';
import type { UnreviewedMemory } from '../../engine/ports/memoryStore.ts';
import { snippet } from '../../engine/recall/snippet.ts';
import { counted } from '../counted.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { memoryView, viewMemory } from './views.ts';

const SNIPPET_CHARS = 240;
const LINE_CHARS = 120;

/** Fields whose change a person sees; the others follow from these or are counted. */
const SHOWN = [
  ...['content', 'type', 'priority', 'visibility', 'sharedWith', 'tags', 'metadata', 'pinned', 'sensitive'],
  ...['expiresAt', 'trust', 'supersedes', 'validFrom', 'validUntil', 'anchors'],
] as const satisfies readonly string[] as readonly (keyof Memory)[];

const waiting = memoryView
  .pick({
    ...{ id: true, namespace: true, content: true, memory_type: true, agent_id: true, session_id: true },
    ...{ version: true, tags: true },
  })
  .extend({
    truncated: z.literal(true).optional(),
    change: z.enum(['new', 'changed']),
    changed_fields: z.array(z.string()).optional().describe('Since it was accepted last'),
    by: z.string().describe('Who changed it last'),
    instance: z.string().describe('In which of its sessions'),
    changed_at: z.string(),
    memory: memoryView.optional(),
    accepted: memoryView.optional().describe('As it was accepted last'),
  });

export const memoriesToReview = defineTool({
  name: 'memories_to_review',
  title: 'Memories that wait for review',
  description:
    'Lists what agents stored or changed and no person has looked at, changed last first. To accept or reject it, use review_memories.',
  effect: 'reads',
  set: 'admin',
  surfaces: ['rest', 'cli'],
  input: z.strictObject({
    memory_ids: z.array(field.memoryId).max(1000).optional().describe('Only these'),
    agent_id: field.name.optional().describe('Only those that bear this label'),
    session_id: field.name.optional(),
    instance: z.string().optional().describe('Only what this running session changed last'),
    full: z.boolean().optional().describe('Each one whole, and as it was accepted last'),
    limit: field.limit(50, 1000),
    offset: z.number().int().min(0).max(10_000_000).default(0),
    namespace: field.readNamespace,
  }),
  output: z.object({ memories: z.array(waiting), total: z.number(), gate: z.enum(REVIEW_GATES) }),
  async handle(input, { engine: { reviews }, caller }) {
    const { limit, offset, instance, full = false } = input;
    const { memories, total } = await reviews.list(
      reviewFilter(input, caller),
      { limit, offset },
      caller,
      instance,
    );
    return { memories: memories.map(one => viewWaiting(one, full)), total, gate: reviews.gate };
  },
  summarize: ({ memories, total }) =>
    memories.length === 0
      ? 'Nothing waits for review.'
      : [
          ...memories.map(
            ({ id, change, changed_fields, by, changed_at, content }) =>
              `${id} ${change}${changed_fields ? ` (${changed_fields.join(', ')})` : ''} by ${oneLine(by)} ${changed_at.slice(0, 10)}: ${oneLine(content, LINE_CHARS)}`,
          ),
          `${memories.length} of ${counted(total, 'memory', 'memories')}.`,
        ].join('\n'),
});

/** Which of them are meant, by fields that both tools of review have. */
export function reviewFilter(
  asked: {
    readonly memory_ids?: string[] | undefined;
    readonly agent_id?: string | undefined;
    readonly session_id?: string | undefined;
    readonly namespace?: string | undefined;
  },
  caller: Caller,
) {
  const { memory_ids: ids, agent_id: agent, session_id: session } = asked;
  const namespaces =
    ids && asked.namespace === undefined ? undefined : readNamespaces(asked.namespace, caller);
  return {
    ...(ids && { ids }),
    ...(namespaces && { namespaces }),
    ...(agent !== undefined && { agent }),
    ...(session !== undefined && { session }),
  };
}

function viewWaiting(
  { accepted, at, by, instance, memory }: UnreviewedMemory,
  full: boolean,
): z.input<typeof waiting> {
  const view = viewMemory(memory);
  const shown = snippet(memory.content, '', SNIPPET_CHARS);
  const { id, namespace, memory_type, agent_id, session_id, version, tags } = view;
  return {
    ...{ id, namespace, memory_type, agent_id, session_id, version, tags, by, instance },
    ...{ content: shown.text, changed_at: isoTime(at) },
    ...(shown.truncated && { truncated: true as const }),
    ...(accepted
      ? { change: 'changed', changed_fields: changedFields(accepted.memory, memory) }
      : { change: 'new' }),
    ...(full && { memory: view, ...(accepted && { accepted: viewMemory(accepted.memory) }) }),
  };
}

function changedFields(before: Memory, after: Memory): string[] {
  return SHOWN.filter(name => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
