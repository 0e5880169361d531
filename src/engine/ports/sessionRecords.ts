/** A session is forgotten so long after it was last put: 7 days. */
export const SESSION_TTL_MS = 604_800_000;

/** What an agent was doing. Texts are empty where there is nothing to say. */
export interface NewSession {
  /** 1..200 characters. */
  readonly id: string;
  readonly context: string;
  /** Paths; none contains a comma. */
  readonly files: readonly string[];
  readonly currentTask: string;
  readonly lastTool: string;
  /** The machine. */
  readonly node: string;
}

export interface SessionRecord extends NewSession {
  /** When it was last put: ms since the epoch, by the store's clock; 0 where another program left no time that can be read. */
  readonly updatedAt: number;
}

/**
 * What was being done where, so that work goes on in another window or on another machine.
 * Methods reject with `invalid_input` for what cannot be kept unchanged, `unavailable` when the store does not answer in time.
 * @see docs/redis-schema.md C1
 */
export interface SessionRecords {
  /**
   * Adds or replaces; it lives for SESSION_TTL_MS from now.
   * @param username also lists it as this user's; 1..200 characters
   */
  put(session: NewSession, username?: string): Promise<void>;

  get(id: string): Promise<SessionRecord | undefined>;

  /**
   * Last put first.
   * @param limit 1..1000
   * @param username only this user's
   */
  recent(limit: number, username?: string): Promise<readonly SessionRecord[]>;

  /** Idempotent. */
  remove(id: string): Promise<void>;
}
