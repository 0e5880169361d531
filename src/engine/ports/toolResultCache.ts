/** How long a result is good for, ms, by what the tool did. */
export const TOOL_RESULT_TTL_MS = {
  default: 3_600_000,
  /** Such as cat, ls, grep. */
  readOnly: 7_200_000,
  /** Such as git commit, or an edit of a file. */
  write: 300_000,
  /** Such as the inference of a model. */
  expensive: 86_400_000,
} as const;

export type OperationKind = keyof typeof TOOL_RESULT_TTL_MS;

/** Equal calls have one result. */
export interface ToolCall {
  /** 1..200 characters, without a colon. */
  readonly tool: string;
  /** Hash of the input, without a colon. */
  readonly inputHash: string;
  /** The file that the tool was used on, up to 4,096 characters. */
  readonly path?: string;
}

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
}

/**
 * Results of tools, kept for a while.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time: whoever
 * asks goes on without a cached result then.
 * @see docs/redis-schema.md C4
 */
export interface ToolResultCache {
  /** Counts a hit or a miss of the tool. */
  get(call: ToolCall): Promise<string | undefined>;

  /** Adds or replaces, for the time of its kind from now. */
  put(call: ToolCall, result: string, kind: OperationKind): Promise<void>;

  /**
   * Forgets what matches every condition that is given; the counts stay.
   * @returns how many were forgotten
   */
  forget(of?: { readonly tool?: string; readonly path?: string }): Promise<number>;

  /** By tool. */
  counts(): Promise<ReadonlyMap<string, CacheCounts>>;
}
