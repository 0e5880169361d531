import type { MemoryPatch } from './memory.ts';

export type OperationKind = 'create' | 'update' | 'delete' | 'restore';

/** Principal of the operations that take back what loses when a machine returns to the others. */
export const MERGER = 'merge';

/** Instances of the operations of one merge of near-duplicates begin so; its id follows. */
export const COMPACTION = 'compaction/';

/** Instances of promotions begin so; why follows. */
export const PROMOTION = 'promotion/';

/** One entry of the operation log: the base of feed, undo, audit and replication. */
export interface Operation {
  /** Position in this store's log, from 1, without order among stores. */
  readonly seq: number;
  /** UUIDv7; the same wherever the operation is replayed. */
  readonly id: string;
  readonly kind: OperationKind;
  readonly memoryId: string;
  readonly namespace: string;
  readonly principal: string;
  readonly instance: string;
  /** Hybrid logical clock, sortable as text: `<ms, 12 hex>-<counter, 4 hex>-<replica>`. */
  readonly clock: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The memory's version after it. */
  readonly version: number;
  /** Fields that were set; for `create` all of them, for `delete` none, for `restore` the expiry it lifted. */
  readonly patch: MemoryPatch;
  /** Id of the operation this one takes back. */
  readonly undoes: string | null;
}
