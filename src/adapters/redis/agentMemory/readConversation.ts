import { randomUUID } from 'node:crypto';
import { readTime } from '../../../engine/longTerm/clientTime.ts';
import { isObject, isText } from '../../../engine/model/readJson.ts';
import type { Message, WorkingMemory } from '../../../engine/workingMemory/workingMemory.ts';
import { countOf, type Kept, objectOf, readRecord, textOf } from './readRecord.ts';

/** The working memory of an agent memory server; undefined for what is none. @param now ms since the epoch */
export function readConversation(kept: Kept, now: number): WorkingMemory | undefined {
  const session = textOf(kept['session_id']);
  if (session === undefined) return undefined;
  const strategy = objectOf(kept['long_term_memory_strategy']);
  const time = (name: string) => readTime(kept[name]) ?? now;
  return {
    session,
    namespace: textOf(kept['namespace']) ?? null,
    user: textOf(kept['user_id']) ?? null,
    messages: objectsOf(kept['messages']).map(message => readMessage(message, now)),
    memories: objectsOf(kept['memories']).flatMap(record => readRecord(record, now) ?? []),
    data: objectOf(kept['data']) ?? null,
    context: textOf(kept['context']) ?? null,
    tokens: countOf(kept['tokens']),
    strategy: textOf(strategy?.['strategy']) ?? 'discrete',
    strategyConfig: objectOf(strategy?.['config']) ?? {},
    ttlSeconds: countOf(kept['ttl_seconds']) || null,
    lastAccessed: time('last_accessed'),
    createdAt: time('created_at'),
    updatedAt: time('updated_at'),
  };
}

function readMessage(kept: Kept, now: number): Message {
  return {
    id: textOf(kept['id']) ?? randomUUID(),
    role: textOf(kept['role']) ?? 'user',
    content: isText(kept['content']) ? kept['content'] : '',
    createdAt: readTime(kept['created_at']) ?? now,
    persistedAt: readTime(kept['persisted_at']) ?? null,
    extracted: kept['discrete_memory_extracted'] === 't',
  };
}

function objectsOf(value: unknown): readonly Kept[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
