import type { MemoryType } from '../model/memory.ts';

/** Memories in a plane: those that say much the same lie near each other. What stands at an index belongs to one memory. */
export interface MemoryMap {
  readonly ids: readonly string[];
  /** x and y of each, some tens of units wide. */
  readonly places: Float32Array;
  readonly types: readonly MemoryType[];
  readonly agents: readonly (string | null)[];
  /** Memories that have no vector, and so no place. */
  readonly without: number;
  /** Older memories that are left out, since the map holds only so many: there are some. */
  readonly cut: boolean;
  /** The places keep neighbours together; before that they only show how memories differ most. */
  readonly refined: boolean;
}
