import type { Metadata } from '../model/memory.ts';

/** What kind of thing is remembered, as servers of agent memory name it. */
export const RECORD_TYPES = ['semantic', 'episodic', 'message'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** A memory as clients of agent memory servers know it. Times are milliseconds since the epoch, with a fraction where it came with one. */
export interface LongTermRecord {
  /** The client's own, or a memory's; 1..200 characters. */
  readonly id: string;
  readonly text: string;
  /** null: the client named none. */
  readonly namespace: string | null;
  readonly session: string | null;
  readonly user: string | null;
  /** null: none were given. */
  readonly topics: readonly string[] | null;
  readonly entities: readonly string[] | null;
  readonly type: RecordType;
  readonly eventDate: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastAccessed: number;
  /** When it was taken into the long-term memory. */
  readonly persistedAt: number | null;
  /** Ids of messages. */
  readonly extractedFrom: readonly string[] | null;
  /** Whether a language model has looked at it. */
  readonly extracted: boolean;
  readonly pinned: boolean;
  readonly accessCount: number;
  /** Hash of what makes it a duplicate. */
  readonly hash: string | null;
  /** Way of extraction that its session asked for, and its options. */
  readonly strategy: string;
  readonly strategyConfig: Metadata;
}

/** What a search found. */
export interface FoundRecord {
  readonly record: LongTermRecord;
  /** 0..1, best first; null where nothing was searched for. */
  readonly score: number | null;
}

export interface FoundRecords {
  readonly found: readonly FoundRecord[];
  /** How many match, as far as that is known without ranking all. */
  readonly total: number;
  /** Where the next page begins; null: this was the last. */
  readonly nextOffset: number | null;
}
