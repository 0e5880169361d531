import type { Metadata } from './memory.ts';

export const AGENT_TYPES = ['claude', 'gemini', 'vscode', 'rust_llm', 'local_llm', 'custom'] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** No heartbeat for so long: `stale`, then `offline`, and its work is given to others. Milliseconds. */
export const STALE_MS = 30_000;
export const OFFLINE_MS = 90_000;

export type Presence = 'online' | 'stale' | 'offline';

/** Names an agent. */
export interface AgentKey {
  readonly namespace: string;
  /** 1..200 characters; unique in its namespace. */
  readonly id: string;
}

/** One that works in a namespace: a running session, or one that was registered by hand. Times by the store's clock. */
export interface Agent extends AgentKey {
  /** For people, such as `Claude Code on laptop`. */
  readonly name: string;
  readonly type: AgentType;
  /** Sorted, without duplicates. */
  readonly capabilities: readonly string[];
  /** Tokens; null: not known. */
  readonly contextWindow: number | null;
  /** Id of the principal that it belongs to: only this one speaks for it. */
  readonly owner: string;
  /** Short name of the owner's client. */
  readonly client: string;
  readonly machine: string;
  /** Of the process; null: not known. */
  readonly pid: number | null;
  readonly metadata: Metadata;
  /** What it says of itself, such as `idle`, `busy` or `draining` (which gets no offers). */
  readonly status: string;
  /** 0 (idle) to 1, as it says. */
  readonly load: number;
  readonly currentTask: string | null;
  readonly registeredAt: number;
  readonly heartbeatAt: number;
  /** By its heartbeat, when it was read. */
  readonly presence: Presence;
}

export type NewAgent = Omit<Agent, 'registeredAt' | 'heartbeatAt' | 'presence'>;

/** @param ageMs milliseconds since the last heartbeat */
export function presenceAt(ageMs: number): Presence {
  if (ageMs >= OFFLINE_MS) return 'offline';
  return ageMs >= STALE_MS ? 'stale' : 'online';
}
