import type { JsonValue, Memory, Metadata } from '../model/memory.ts';
import { isObject, isText } from '../model/readJson.ts';
import { type LongTermRecord, RECORD_TYPES, type RecordType } from './longTermRecord.ts';
import { isLabel } from './recordLabels.ts';

/** Key of the metadata with what a record says beyond a memory's own fields. */
export const RECORD = 'long_term';

/** What is kept there; absent: as the memory has it, or nothing. */
export interface KeptFields {
  readonly user?: string;
  readonly topics?: readonly string[];
  readonly entities?: readonly string[];
  readonly type: RecordType;
  readonly event_date?: number;
  readonly created_at?: number;
  readonly updated_at?: number;
  readonly last_accessed?: number;
  readonly persisted_at?: number;
  readonly extracted_from?: readonly string[];
  readonly extracted: boolean;
  readonly strategy?: string;
  readonly strategy_config?: Metadata;
  /** The client named no namespace. */
  readonly unnamed?: true;
}

/** A memory as a record, whoever stored it: of one that another agent stored, the tags are its topics. */
export function recordOf(memory: Memory): LongTermRecord {
  const kept = memory.metadata[RECORD];
  const read = isObject(kept) ? kept : {};
  const { accessCount, accessedAt, createdAt, namespace, tags, updatedAt, version } = memory;
  const time = (name: string) => (typeof read[name] === 'number' ? read[name] : undefined);
  const texts = (name: string) => (Array.isArray(read[name]) ? read[name].filter(isText) : null);
  const text = (name: string) => (isText(read[name]) ? read[name] : null);
  const type = RECORD_TYPES.find(one => one === read['type']);
  const foreign = type === undefined;
  const config = read['strategy_config'];
  return {
    id: memory.id,
    text: memory.content,
    namespace: read['unnamed'] === true ? null : namespace,
    session: memory.session,
    user: text('user'),
    topics: foreign ? tags.filter(tag => !isLabel(tag)) : texts('topics'),
    entities: texts('entities'),
    type: type ?? (memory.type === 'conversation' ? 'message' : 'semantic'),
    eventDate: time('event_date') ?? null,
    createdAt: time('created_at') ?? createdAt,
    // A later change is the memory's own.
    updatedAt: (version === 1 ? time('updated_at') : undefined) ?? updatedAt,
    lastAccessed: (accessCount === 0 ? time('last_accessed') : undefined) ?? accessedAt,
    persistedAt: time('persisted_at') ?? (foreign ? createdAt : null),
    extractedFrom: texts('extracted_from'),
    extracted: foreign || read['extracted'] === true,
    pinned: memory.pinned,
    accessCount,
    hash: memory.contentHash,
    strategy: text('strategy') ?? 'discrete',
    strategyConfig: isObject(config) ? (config as Metadata) : {},
  };
}

/** As it is kept in the metadata. */
export function keptFields(record: LongTermRecord): JsonValue {
  const { entities, eventDate, extractedFrom, persistedAt, strategyConfig, topics, user } = record;
  const kept: KeptFields = {
    type: record.type,
    extracted: record.extracted,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    last_accessed: record.lastAccessed,
    ...(user !== null && { user }),
    ...(topics && { topics }),
    ...(entities && { entities }),
    ...(eventDate !== null && { event_date: eventDate }),
    ...(persistedAt !== null && { persisted_at: persistedAt }),
    ...(extractedFrom && { extracted_from: extractedFrom }),
    ...(record.strategy !== 'discrete' && { strategy: record.strategy }),
    ...(Object.keys(strategyConfig).length > 0 && { strategy_config: strategyConfig }),
    ...(record.namespace === null && { unnamed: true }),
  };
  return kept as unknown as JsonValue;
}

/** Of memories that become one: the first's, with all topics and entities, made when the first of them was and used when the last was. */
export function mergedFields(all: readonly JsonValue[]): JsonValue {
  const read = all.filter(isObject) as readonly Metadata[];
  const texts = (name: string) => [...new Set(read.flatMap(one => one[name] ?? []))];
  const times = (name: string) => read.map(one => one[name]).filter(time => typeof time === 'number');
  const [topics, entities] = [texts('topics'), texts('entities')];
  const [made, used] = [times('created_at'), times('last_accessed')];
  return {
    ...read[0],
    ...(topics.length > 0 && { topics }),
    ...(entities.length > 0 && { entities }),
    ...(made.length > 0 && { created_at: Math.min(...made) }),
    ...(used.length > 0 && { last_accessed: Math.max(...used) }),
  } as JsonValue;
}
