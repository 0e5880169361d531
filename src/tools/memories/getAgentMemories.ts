import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import { readNamespaces } from '../../engine/model/namespace.ts';
import { snippet } from '../../engine/recall/snippet.ts';
import { defineTool } from '../defineTool.ts';
import * as field from '../fields.ts';
import { toMs } from '../fields.ts';
import { review, reviewText, viewReview } from './reviewMark.ts';
import { memoryView, stale, staleText, viewMemory, viewStale } from './views.ts';

const listed = memoryView
  .pick({
    id: true,
    content: true,
    memory_type: true,
    priority: true,
    agent_id: true,
    tags: true,
    created_at: true,
    pinned: true,
    sensitive: true,
    namespace: true,
    version: true,
    updated_at: true,
    access_count: true,
    expires_at: true,
    session_id: true,
  })
  .extend({ truncated: z.literal(true).optional(), stale, review });

const SNIPPET_CHARS = 240;

export const getAgentMemories = defineTool({
  name: 'get_agent_memories',
  title: 'List memories',
  description:
    'Lists memories, newest first, of one agent or of all, with filters. To search by meaning, use semantic_search.',
  effect: 'reads',
  set: 'memory',
  surfaces: ['mcp', 'editor', 'rest', 'cli'],
  input: z.strictObject({
    agent_id: field.name.optional().describe('Default: all'),
    memory_type: field.memoryType.optional(),
    priority: field.priority.optional(),
    tags: field.tags.optional(),
    since: field.instant.optional().describe('ISO date'),
    until: field.instant.optional(),
    limit: field.limit(20, 1000),
    offset: z.number().int().min(0).max(10_000_000).default(0),
    namespace: field.readNamespace,
    session_id: field.name.optional(),
    path: z.string().optional().describe('Anchored in this file of the repository'),
    pinned: z.boolean().optional(),
    order: z.enum(['created', 'updated', 'accessed']).optional().describe('Newest first by this time'),
    full: z.boolean().optional().describe('Whole contents instead of snippets'),
  }),
  advanced: ['session_id', 'path', 'pinned', 'order', 'full'],
  output: z.object({ memories: z.array(listed), total: z.number() }),
  async handle(input, { engine, caller }) {
    const namespaces = readNamespaces(input.namespace, caller);
    const since = toMs(input.since);
    const until = toMs(input.until);
    const { memories, total } = await engine.memories.list(
      {
        ...(namespaces && { namespaces }),
        ...(input.agent_id !== undefined && { agent: input.agent_id }),
        ...(input.memory_type && { types: [input.memory_type] }),
        ...(input.priority && { priorities: [input.priority] }),
        ...(input.tags && { tags: input.tags }),
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
        ...(input.session_id !== undefined && { session: input.session_id }),
        ...(input.path !== undefined && { path: input.path }),
        ...(input.pinned !== undefined && { pinned: input.pinned }),
      },
      { limit: input.limit, offset: input.offset, ...(input.order && { order: input.order }) },
      caller,
    );
    const notes = await engine.anchors.stale(memories);
    return {
      memories: memories
        .map(memory => {
          const { review: _, ...whole } = viewMemory(memory);
          const view = {
            ...whole,
            ...viewStale(notes, memory.id),
            ...viewReview(memory, engine.reviews.gate),
          };
          if (input.full) return view;
          const shown = snippet(memory.content, '', SNIPPET_CHARS);
          return { ...view, content: shown.text, ...(shown.truncated && { truncated: true as const }) };
        })
        .map(view => listed.parse(view)),
      total,
    };
  },
  summarize: ({ memories, total }) =>
    memories.length === 0
      ? 'No memories match.'
      : [
          ...memories.map(
            ({ id, memory_type, created_at, content, stale, review }) =>
              `${oneLine(id)} ${memory_type} ${created_at.slice(0, 10)}: ${content.replace(/\s+/g, ' ')}${staleText(stale)}${reviewText(review)}`,
          ),
          `${memories.length} of ${total}.`,
        ].join('\n'),
});
