import type { Database } from '../database.ts';
import type { MemoryWriter } from '../memoryWriter.ts';
import type { Vault } from '../vault.ts';
import type { Replayer } from './replayer.ts';
import type { Travelling } from './travelling.ts';

export interface MergeParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly replayer: Replayer;
  /** Writes operations of its own. */
  readonly writer: MemoryWriter;
  readonly sha256: (text: string) => string;
}

/** A change that was made here while others made theirs. */
export interface Late extends Travelling {
  /** The memory's tags before it. */
  readonly tagsBefore: readonly string[];
}
