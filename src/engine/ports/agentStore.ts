import type { Agent, AgentKey, NewAgent } from '../model/agent.ts';

/** What a heartbeat may say anew. */
export type Heartbeat = Partial<Pick<Agent, 'status' | 'load' | 'currentTask'>>;

/**
 * Who works here. Time is the store's. Who comes, goes or falls silent is told as the event `agent`.
 * Methods reject with `unavailable` when the store does not answer in time.
 */
export interface AgentStore {
  /**
   * Adds it, or replaces what is known of it: it is the same one, with its first `registeredAt`. It counts as a heartbeat.
   * Rejects with `forbidden` where the id belongs to another principal.
   */
  register(agent: NewAgent): Promise<Agent>;

  /** Rejects with `not_found`, and with `forbidden` for another principal's. It has no effect on the disk's flushing: it may get lost in a crash of the system. */
  heartbeat(key: AgentKey, owner: string, beat: Heartbeat): Promise<Agent>;

  get(key: AgentKey): Promise<Agent | undefined>;

  /** By id. @param namespaces undefined: all */
  list(namespaces: readonly string[] | undefined): Promise<readonly Agent[]>;

  /** @returns false where it was not there. Rejects with `forbidden` for another principal's. */
  remove(key: AgentKey, owner: string): Promise<boolean>;

  /**
   * Agents whose silence became `offline` since this was last asked, by anybody: each is returned to one caller only, so that its work is
   * given back once. They stay listed, as offline, for `FORGOTTEN_MS`.
   */
  takeSilent(): Promise<readonly Agent[]>;
}

/** Agents that have been silent for so long are forgotten. Milliseconds. */
export const FORGOTTEN_MS = 24 * 3_600_000;
