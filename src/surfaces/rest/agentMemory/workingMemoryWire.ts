import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { writeTime, writeTimeOrNull } from '../../../engine/longTerm/clientTime.ts';
import type { Metadata } from '../../../engine/model/memory.ts';
import { usage } from '../../../engine/workingMemory/tokens.ts';
import type { Message, WorkingMemory } from '../../../engine/workingMemory/workingMemory.ts';
import { recordsSchema, writeRecord } from './recordWire.ts';
import { time } from './wireTime.ts';

/** A message may be so far ahead of this machine's clock, ms. */
const MOST_AHEAD_MS = 300_000;

const text = z.string().nullish();
const at = time.nullish();

function messageSchema(now: () => number) {
  return z
    .object({
      role: z.string(),
      content: z.string(),
      id: text,
      created_at: at,
      persisted_at: at,
      discrete_memory_extracted: z.enum(['t', 'f']).nullish(),
    })
    .transform((message, context): Message & { readonly dated: boolean } => {
      const { content, created_at: createdAt, role } = message;
      if (createdAt != null && createdAt > now() + MOST_AHEAD_MS)
        context.addIssue({
          code: 'custom',
          path: ['created_at'],
          message: 'created_at cannot be more than 300 seconds in the future',
        });
      return {
        id: message.id || randomUUID(),
        ...{ role, content },
        createdAt: createdAt ?? now(),
        persistedAt: message.persisted_at ?? null,
        extracted: message.discrete_memory_extracted === 't',
        dated: createdAt != null,
      };
    });
}

export function workingMemorySchema(now: () => number) {
  const json = z.record(z.string(), z.json()).nullish();
  return z.object({
    messages: z.array(messageSchema(now)).default([]),
    memories: recordsSchema(false, now).default([]),
    data: json,
    context: text,
    user_id: text,
    tokens: z.number().int().default(0),
    namespace: text,
    long_term_memory_strategy: z
      .object({
        strategy: z.enum(['discrete', 'summary', 'preferences', 'custom']).default('discrete'),
        config: json,
      })
      .nullish(),
    ttl_seconds: z.number().int().positive().nullish(),
    ...{ last_accessed: at, created_at: at },
  });
}

export type WorkingMemoryRequest = z.output<ReturnType<typeof workingMemorySchema>>;

/** @param user of the address, which wins */
export function readWorkingMemory(
  session: string,
  user: string | undefined,
  asked: WorkingMemoryRequest,
  now: number,
): WorkingMemory {
  const strategy = asked.long_term_memory_strategy;
  return {
    session,
    namespace: asked.namespace || null,
    user: user || asked.user_id || null,
    messages: asked.messages.map(({ dated: _, ...message }) => message),
    memories: asked.memories,
    data: (asked.data ?? null) as Metadata | null,
    context: asked.context ?? null,
    tokens: asked.tokens,
    strategy: strategy?.strategy ?? 'discrete',
    strategyConfig: (strategy?.config ?? {}) as Metadata,
    ttlSeconds: asked.ttl_seconds ?? null,
    lastAccessed: asked.last_accessed ?? now,
    createdAt: asked.created_at ?? now,
    updatedAt: now,
  };
}

/** @param window tokens that the client has room for; undefined: it did not say */
export function writeWorkingMemory(memory: WorkingMemory, window: number | undefined) {
  const used = window === undefined ? undefined : usage(memory.messages, window);
  return {
    messages: memory.messages.map(message => ({
      role: message.role,
      content: message.content,
      id: message.id,
      created_at: writeTime(message.createdAt),
      persisted_at: writeTimeOrNull(message.persistedAt),
      discrete_memory_extracted: message.extracted ? 't' : 'f',
    })),
    memories: memory.memories.map(writeRecord),
    data: memory.data,
    context: memory.context,
    user_id: memory.user,
    tokens: memory.tokens,
    session_id: memory.session,
    namespace: memory.namespace,
    long_term_memory_strategy: { strategy: memory.strategy, config: memory.strategyConfig },
    ttl_seconds: memory.ttlSeconds,
    last_accessed: writeTime(memory.lastAccessed),
    created_at: writeTime(memory.createdAt),
    updated_at: writeTime(memory.updatedAt),
    context_percentage_total_used: used?.total ?? null,
    context_percentage_until_summarization: used?.untilSummary ?? null,
    new_session: null as boolean | null,
    unsaved: null as boolean | null,
  };
}
