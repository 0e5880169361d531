import { z } from 'zod';
import { oneLine } from '../../engine/foreignText.ts';
import type { Memory } from '../../engine/model/memory.ts';
import { isoOrNull, isoTime } from '../../engine/model/time.ts';
import type { RecallAnswer } from '../../engine/recall/recall.ts';
import { snippet } from '../../engine/recall/snippet.ts';
import { review, reviewText, viewReview } from './reviewMark.ts';

/** What of the code it speaks of is no longer as it was, such as `src/retry.ts:2-4 changed since`; absent where nothing is, or nobody can tell. */
export const stale = z.array(z.string()).optional();

/** A whole memory, as tools answer it; times are ISO 8601. */
export const memoryView = z.object({
  id: z.string(),
  namespace: z.string(),
  content: z.string(),
  memory_type: z.string(),
  priority: z.string(),
  visibility: z.string(),
  shared_with: z.array(z.string()),
  agent_id: z.string().nullable(),
  owner: z.string(),
  session_id: z.string().nullable(),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  pinned: z.boolean(),
  sensitive: z.boolean(),
  version: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  accessed_at: z.string(),
  access_count: z.number(),
  expires_at: z.string().nullable(),
  external_id: z.string().nullable(),
  source: z.string(),
  source_uri: z.string().nullable(),
  trust: z.number(),
  review: z.string(),
  supersedes: z.string().nullable(),
  valid_from: z.string().nullable(),
  valid_until: z.string().nullable(),
  anchors: z.array(z.record(z.string(), z.json())),
});
export type MemoryView = z.infer<typeof memoryView>;

export function viewMemory(memory: Memory): z.input<typeof memoryView> {
  return {
    id: memory.id,
    namespace: memory.namespace,
    content: memory.content,
    memory_type: memory.type,
    priority: memory.priority,
    visibility: memory.visibility,
    shared_with: [...memory.sharedWith],
    agent_id: memory.agent,
    owner: memory.owner,
    session_id: memory.session,
    tags: [...memory.tags],
    metadata: { ...memory.metadata } as MemoryView['metadata'],
    pinned: memory.pinned,
    sensitive: memory.sensitive,
    version: memory.version,
    created_at: isoTime(memory.createdAt),
    updated_at: isoTime(memory.updatedAt),
    accessed_at: isoTime(memory.accessedAt),
    access_count: memory.accessCount,
    expires_at: isoOrNull(memory.expiresAt),
    external_id: memory.externalId,
    source: memory.provenance.source,
    source_uri: memory.provenance.uri ?? null,
    trust: memory.trust,
    review: memory.review,
    supersedes: memory.supersedes,
    valid_from: isoOrNull(memory.validFrom),
    valid_until: isoOrNull(memory.validUntil),
    anchors: memory.anchors.map(anchor => ({ ...anchor })) as MemoryView['anchors'],
  };
}

/** One memory of a list: a snippet, so that many fit an agent's context; retrieve_memory has the whole. */
export const hitView = z.object({
  id: z.string(),
  score: z.number(),
  content: z.string(),
  /** The content goes on. */
  truncated: z.literal(true).optional(),
  memory_type: z.string(),
  date: z.string(),
  tags: z.array(z.string()).optional(),
  agent_id: z.string().optional(),
  namespace: z.string().optional(),
  parts: z.record(z.string(), z.number()).optional(),
  stale,
  review,
});
export type HitView = z.infer<typeof hitView>;

export const recallView = z.object({
  memories: z.array(hitView),
  mode: z.enum(['hybrid', 'lexical']),
  problem: z.string().optional(),
});

/** Eight hits are to fit 600 tokens, also as JSON. */
const SNIPPET_CHARS = 135;

/**
 * @param home the caller's namespace: only others are named
 * @param stale what is no longer as it was, by id
 */
export function viewRecall(
  answer: RecallAnswer,
  stale: ReadonlyMap<string, readonly string[]>,
  query: string,
  home: string,
  explain: boolean,
): z.input<typeof recallView> {
  return {
    memories: answer.memories.map(({ memory, score, parts }) => {
      const shown = snippet(memory.content, query, SNIPPET_CHARS);
      return {
        id: memory.id,
        score: Math.round(score * 1000) / 1000,
        content: shown.text,
        ...(shown.truncated && { truncated: true as const }),
        memory_type: memory.type,
        date: isoTime(memory.createdAt).slice(0, 10),
        ...(memory.namespace !== home && { namespace: memory.namespace }),
        ...(explain && { parts: { ...parts } }),
        ...viewStale(stale, memory.id),
        ...viewReview(memory, answer.gate),
      };
    }),
    mode: answer.mode,
    ...(answer.problem !== undefined && { problem: answer.problem }),
  };
}

/** Recalled text is data: it is quoted line by line under its id, never run together with the answer's own words. */
export function summarizeRecall(output: z.infer<typeof recallView>): string {
  const note = output.mode === 'lexical' ? `[lexical only: ${output.problem ?? 'no embedding model'}]\n` : '';
  if (output.memories.length === 0)
    return `${note}Nothing near. Try other words, or store what you learn with store_memory.`;
  return (
    note +
    output.memories
      .map(({ id, score, content, memory_type, date, parts, stale, review }) => {
        const explained = parts
          ? `\n  ${Object.entries(parts)
              .map(([part, value]) => `${part} ${value.toFixed(3)}`)
              .join(', ')}`
          : '';
        const said = content.replace(/\s+/g, ' ');
        return `${oneLine(id)} ${score.toFixed(2)} ${memory_type} ${date}: ${said}${staleText(stale)}${reviewText(review)}${explained}`;
      })
      .join('\n')
  );
}

export function viewStale(stale: ReadonlyMap<string, readonly string[]>, id: string): { stale?: string[] } {
  const notes = stale.get(id);
  return notes ? { stale: [...notes] } : {};
}

/** What a line about a memory says of it; empty when its code is as it was. */
export function staleText(notes: readonly string[] | undefined): string {
  return notes ? ` [stale: ${notes.join('; ')}]` : '';
}
