import type { Operation } from '../model/operation.ts';
import type { Viewer } from './memoryStore.ts';

/** Which operations; each condition that is given must hold. */
export interface OperationFilter {
  readonly memoryId?: string;
  /** Of memories that are in one of these now. */
  readonly namespaces?: readonly string[];
  /** Only those of merges of near-duplicates; by its id, of that one. */
  readonly merges?: true | string;
  /** Only those with a higher `seq`. */
  readonly after?: number;
}

/** The log of all changes, in the order this store made them durable. */
export interface OperationLog {
  /** Sequence of the newest operation; 0 when there is none. Cheap: asked before every recall. */
  head(): Promise<number>;

  /** Of the newest operation up to `seq`; undefined when there is none. */
  idAt(seq: number): Promise<string | undefined>;

  /**
   * Where to go on in this store after an operation that another store of the same memory told of: its own sequence, or, where this store does not
   * have it, that before everything younger, so that nothing is missed and some may be told again.
   */
  seqAfter(id: string): Promise<number>;

  /** Operations after `seq`, oldest first, at most `limit`, of memories the viewer may see and could see then. */
  since(seq: number, limit: number, viewer: Viewer): Promise<readonly Operation[]>;

  /** Newest first; seen as by `since`. */
  recent(limit: number, viewer: Viewer, of?: OperationFilter): Promise<readonly Operation[]>;

  /**
   * Calls back (without arguments) soon, within 250 ms, after this or another process changed the store.
   * Costs no CPU while nothing happens.
   */
  watch(onChange: () => void): Disposable;
}
