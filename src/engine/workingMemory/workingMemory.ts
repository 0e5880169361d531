import type { LongTermRecord } from '../longTerm/longTermRecord.ts';
import type { Metadata } from '../model/memory.ts';

/** What was said. Times are milliseconds since the epoch. */
export interface Message {
  readonly id: string;
  readonly role: string;
  readonly content: string;
  readonly createdAt: number;
  readonly persistedAt: number | null;
  /** Whether a language model has looked at it. */
  readonly extracted: boolean;
}

/** What one conversation holds: its messages, records on their way into the long-term memory, and data of the client's own. */
export interface WorkingMemory {
  readonly session: string;
  /** null: the client named none. */
  readonly namespace: string | null;
  readonly user: string | null;
  readonly messages: readonly Message[];
  readonly memories: readonly LongTermRecord[];
  readonly data: Metadata | null;
  /** A summary of what was said before, which the client made. */
  readonly context: string | null;
  readonly tokens: number;
  readonly strategy: string;
  readonly strategyConfig: Metadata;
  /** It is gone so long after it was put; null: never. */
  readonly ttlSeconds: number | null;
  readonly lastAccessed: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}
