import { readTime } from '../../../engine/longTerm/clientTime.ts';
import { type LongTermRecord, RECORD_TYPES } from '../../../engine/longTerm/longTermRecord.ts';
import type { Metadata } from '../../../engine/model/memory.ts';
import { isObject, isText } from '../../../engine/model/readJson.ts';

/** Fields as an agent memory server keeps them: of a hash all texts, lists with commas, times as Unix seconds; of JSON as they came. */
export type Kept = Readonly<Record<string, unknown>>;

/** undefined for what is no record. @param now ms since the epoch, where no time is kept */
export function readRecord(kept: Kept, now: number): LongTermRecord | undefined {
  const id = textOf(kept['id_']) ?? textOf(kept['id']);
  const text = textOf(kept['text']);
  if (id === undefined || text === undefined) return undefined;
  const createdAt = readTime(kept['created_at']) ?? now;
  const type = RECORD_TYPES.find(one => one === kept['memory_type']);
  return {
    id,
    text,
    namespace: textOf(kept['namespace']) ?? null,
    session: textOf(kept['session_id']) ?? null,
    user: textOf(kept['user_id']) ?? null,
    topics: listOf(kept['topics']),
    entities: listOf(kept['entities']),
    type: type ?? 'message',
    eventDate: readTime(kept['event_date']) ?? null,
    createdAt,
    updatedAt: readTime(kept['updated_at']) ?? createdAt,
    lastAccessed: readTime(kept['last_accessed']) ?? createdAt,
    persistedAt: readTime(kept['persisted_at']) ?? null,
    extractedFrom: listOf(kept['extracted_from']),
    extracted: kept['discrete_memory_extracted'] === 't',
    pinned: /^(1|true)$/i.test(String(kept['pinned'])),
    accessCount: countOf(kept['access_count']),
    hash: null,
    strategy: textOf(kept['extraction_strategy']) ?? 'discrete',
    strategyConfig: objectOf(kept['extraction_strategy_config']) ?? {},
  };
}

/** undefined where there is none, or it is empty. */
export function textOf(value: unknown): string | undefined {
  return isText(value) && value !== '' ? value : undefined;
}

export function objectOf(value: unknown): Metadata | undefined {
  return isObject(value) ? (value as Metadata) : undefined;
}

export function countOf(value: unknown): number {
  const count = Number(value);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** Releases have separated by commas, and before by bars. */
function listOf(value: unknown): readonly string[] | null {
  const items = Array.isArray(value) ? value.filter(isText) : isText(value) ? value.split(/[|,]/) : [];
  const named = items.map(item => item.trim()).filter(item => item !== '');
  return named.length > 0 ? named : null;
}
