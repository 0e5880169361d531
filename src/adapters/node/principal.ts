import { hostname, userInfo } from 'node:os';
import { clientLabel } from '../../engine/agents/clientLabel.ts';
import type { Principal } from '../../engine/model/caller.ts';

/**
 * The principal of a client on this machine: `user@host/client`.
 * @param client as it calls itself, such as `Claude Code`; becomes `claude-code`, as `codex-mcp-client` becomes `codex`
 */
export function localPrincipal(client: string): Principal {
  const short = clientLabel(client);
  // Asked once: each call costs as much as the read that it is made for.
  host ??= hostname();
  return { id: `${userName()}@${host}/${short}`, client: short };
}

let host: string | undefined;
let user: string | undefined;

/** Asked once: it reads the system's list of users. userInfo() throws for a uid without an entry, as in many containers. */
function userName(): string {
  if (user !== undefined) return user;
  try {
    user = userInfo().username;
  } catch {
    user = `uid${process.getuid?.() ?? ''}`;
  }
  return user;
}
