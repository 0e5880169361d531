import type { Memory } from '../model/memory.ts';
import type { MemoryVersion, NewMemory } from './memoryStore.ts';
import type { WorkingMemoryKey } from './workingMemoryRecords.ts';

/** `auto`: known from the path. */
export const IMPORT_KINDS = [
  'auto',
  'markdown',
  'git',
  'mcp-memory',
  'claude',
  'jsonl',
  'agent-memory',
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ImportRequest {
  /** A file or folder; for `agent-memory` the address of a Redis, such as `redis://host:6379`. */
  readonly path: string;
  readonly kind: ImportKind;
  /** Only what is not older, ms; of git. */
  readonly since?: number;
  /** At most so many, the newest first; of git. */
  readonly max?: number;
}

/** One thing of a source that becomes a memory. */
export interface ImportItem {
  /** The same at every import of the same thing; up to 200 characters. */
  readonly externalId: string;
  /** Of any length: what is too long for one memory becomes several. */
  readonly content: string;
  readonly fields: Partial<
    Pick<NewMemory, 'type' | 'priority' | 'tags' | 'metadata' | 'session' | 'anchors' | 'trust' | 'createdAt'>
  >;
  /** Where it is in the source, such as a path and a line. */
  readonly uri: string;
}

/** A memory of an export, to be taken as it is. */
export interface ExportedMemory {
  readonly memory: Memory;
  /** Oldest first. */
  readonly versions: readonly MemoryVersion[];
}

/** What a conversation held there. */
export interface ImportedConversation {
  readonly conversation: WorkingMemoryKey;
  /** As `WorkingMemoryRecords` keeps it. */
  readonly text: string;
  /** ms; null: for ever. */
  readonly lifeMs: number | null;
}

/** What could not be read, and why. */
export interface ImportProblem {
  readonly where: string;
  readonly reason: string;
}

/** Something that memories can be made from. */
export interface ImportSource {
  readonly kind: Exclude<ImportKind, 'auto'>;
  /** Every external id of this source begins with it. Empty for an export, which keeps the ids of its memories. */
  readonly prefix: string;
  /** It yields all there is under its prefix, so that what does not come any more was removed. */
  readonly complete: boolean;
  /** Where its memories go, whatever the caller's namespace. */
  readonly namespace?: string;
  items(
    signal: AbortSignal,
  ): AsyncIterable<ImportItem | ExportedMemory | ImportedConversation | ImportProblem>;
}

/** Opens sources: rejects with `not_found`, or with `invalid_input` when nothing there can be imported. */
export type OpenImportSources = (request: ImportRequest) => Promise<readonly ImportSource[]>;
