import { DISTINCT_BY } from '../memories/contentHash.ts';
import type { Draft } from '../memories/draft.ts';
import type { Memory, MemoryPatch } from '../model/memory.ts';
import { readTexts } from '../model/readJson.ts';
import type { LongTermRecord } from './longTermRecord.ts';
import { isLabel, labelsOf } from './recordLabels.ts';
import { keptFields, RECORD } from './recordOfMemory.ts';

type Hash = (text: string) => string;

/** What a record is kept as, apart from where and under which id. @param before tags and metadata that are not the record's own stay */
export function recordPatch(
  record: LongTermRecord,
  sha256: Hash,
  before: Pick<Memory, 'metadata' | 'tags'> = { metadata: {}, tags: [] },
  apart = '',
): Required<Pick<MemoryPatch, 'content' | 'metadata' | 'pinned' | 'session' | 'tags' | 'type'>> {
  const { session, text, type, user } = record;
  return {
    content: text,
    session,
    pinned: record.pinned,
    type: type === 'message' ? 'conversation' : 'context',
    tags: [...before.tags.filter(tag => !isLabel(tag)), ...labelsOf(record, sha256)],
    metadata: {
      ...before.metadata,
      [RECORD]: keptFields(record),
      // The same words of another user, session or kind are another record.
      [DISTINCT_BY]: JSON.stringify([user ?? '', session ?? '', type, apart]),
    },
  };
}

/** What sets it apart from equal ones; empty: nothing. */
export function apartOf({ metadata }: Pick<Memory, 'metadata'>): string {
  const apart = readTexts(metadata[DISTINCT_BY])[3];
  return apart ?? '';
}

/** @param unique equal records are two: else the one that is there already stays */
export function recordDraft(record: LongTermRecord, namespace: string, sha256: Hash, unique: boolean): Draft {
  return {
    ...recordPatch(record, sha256, undefined, unique ? record.id : ''),
    id: record.id,
    namespace,
    createdAt: Math.floor(record.createdAt),
    // Clients say by themselves what is to be forgotten.
    expiresAt: null,
    provenance: { source: 'agent-memory' },
  };
}
