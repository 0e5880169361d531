import { z } from 'zod';
import { writeTime, writeTimeOrNull } from '../../../engine/longTerm/clientTime.ts';
import {
  type FoundRecord,
  type LongTermRecord,
  RECORD_TYPES,
} from '../../../engine/longTerm/longTermRecord.ts';
import type { Metadata } from '../../../engine/model/memory.ts';
import { time } from './wireTime.ts';

const texts = z.array(z.string()).nullish();
const text = z.string().nullish();
const at = time.nullish();
export const recordType = z.enum(RECORD_TYPES);

/** A record as clients send it. */
const wire = z.object({
  id: z.string(),
  text: z.string(),
  namespace: text,
  session_id: text,
  user_id: text,
  topics: texts,
  entities: texts,
  memory_type: recordType.nullish(),
  event_date: at,
  created_at: at,
  updated_at: at,
  last_accessed: at,
  persisted_at: at,
  extracted_from: texts,
  discrete_memory_extracted: z.enum(['t', 'f']).nullish(),
  pinned: z.boolean().nullish(),
  extraction_strategy: text,
  extraction_strategy_config: z.record(z.string(), z.json()).nullish(),
});

/**
 * Records of a request; each has an id and says something.
 * @param extracted those of the long-term memory are looked at already, and facts unless they say otherwise; those of a conversation are neither
 */
export function recordsSchema(extracted: boolean, now: () => number) {
  return z.array(wire).transform((records, context) =>
    records.map((record, i) => {
      for (const field of ['id', 'text'] as const)
        if (record[field].trim() === '')
          context.addIssue({
            code: 'custom',
            path: [i, field],
            message: `Memory at index ${i} has empty ${field}`,
          });
      return readRecord(record, extracted, now());
    }),
  );
}

function readRecord(record: z.output<typeof wire>, extracted: boolean, now: number): LongTermRecord {
  const looked = record.discrete_memory_extracted;
  return {
    id: record.id,
    text: record.text,
    // What is empty is left out: it names nobody.
    namespace: record.namespace || null,
    session: record.session_id || null,
    user: record.user_id || null,
    topics: record.topics ?? null,
    entities: record.entities ?? null,
    type: record.memory_type ?? (extracted ? 'semantic' : 'message'),
    eventDate: record.event_date ?? null,
    createdAt: record.created_at ?? now,
    updatedAt: record.updated_at ?? now,
    lastAccessed: record.last_accessed ?? now,
    persistedAt: record.persisted_at ?? null,
    extractedFrom: record.extracted_from ?? null,
    extracted: looked ? looked === 't' : extracted,
    pinned: record.pinned ?? false,
    accessCount: 0,
    hash: null,
    strategy: record.extraction_strategy ?? 'discrete',
    strategyConfig: (record.extraction_strategy_config ?? {}) as Metadata,
  };
}

/** A record as it is answered. */
export function writeRecord(record: LongTermRecord) {
  return {
    id: record.id,
    text: record.text,
    session_id: record.session,
    user_id: record.user,
    namespace: record.namespace,
    last_accessed: writeTime(record.lastAccessed),
    created_at: writeTime(record.createdAt),
    updated_at: writeTime(record.updatedAt),
    pinned: record.pinned,
    access_count: record.accessCount,
    topics: record.topics,
    entities: record.entities,
    memory_hash: record.hash,
    discrete_memory_extracted: record.extracted ? 't' : 'f',
    memory_type: record.type,
    persisted_at: writeTimeOrNull(record.persistedAt),
    extracted_from: record.extractedFrom,
    event_date: writeTimeOrNull(record.eventDate),
    extraction_strategy: record.strategy,
    extraction_strategy_config: record.strategyConfig,
  };
}

/** @param mode by which it was searched */
export function writeFound({ record, score }: FoundRecord, mode: string) {
  return {
    ...writeRecord(record),
    dist: score === null ? 0 : 1 - score,
    score,
    score_type: score === null ? null : mode,
  };
}
