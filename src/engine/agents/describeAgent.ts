import { AGENT_TYPES, type AgentType } from '../model/agent.ts';
import type { Caller } from '../model/caller.ts';

/** How people call the clients that are met most. */
const NAMES: Readonly<Record<string, string>> = {
  'claude-code': 'Claude Code',
  'gemini-cli': 'Gemini CLI',
  vscode: 'VS Code',
  cli: 'Command line',
  codex: 'Codex',
  opencode: 'OpenCode',
  cursor: 'Cursor',
};

export function isKnownClient(name: string): boolean {
  return Object.hasOwn(NAMES, name);
}

/** How people call a client. */
export function clientName(client: string): string {
  return NAMES[client] ?? client;
}

/** For people, such as `Claude Code on laptop`, or `reviewer (Claude Code on laptop)` where it has a name of its own. */
export function nameOf({ agent, principal: { client } }: Caller, machine: string): string {
  const session = `${clientName(client)} on ${machine}`;
  return agent === undefined ? session : `${agent} (${session})`;
}

/** What kind of agent a client is, by its name. */
export function typeOf(client: string): AgentType {
  return AGENT_TYPES.find(type => client.includes(type)) ?? 'custom';
}

/**
 * The agent that a session is when it names no other: its client and what tells it from other sessions. A caller with a name of its own
 * (`MEMORY_AGENT`) is the same from session to session; that name, and what tells its principal from others that have the same setting. One
 * that does not last is the same at each call.
 */
export function sessionAgent(caller: Caller, sha256: (text: string) => string): string {
  const { agent, instance, lasting, principal } = caller;
  if (agent !== undefined) return `${agent}-${sha256(principal.id).slice(0, 4)}`;
  return `${principal.client}-${sha256(lasting ? instance : principal.id).slice(0, 6)}`;
}
