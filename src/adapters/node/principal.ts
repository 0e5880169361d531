import { hostname, userInfo } from 'node:os';
import type { Principal } from '../../engine/model/caller.ts';

/**
 * The principal of a client on this machine: `user@host/client`.
 * @param client as it calls itself, such as `Claude Code`; becomes `claude-code`
 */
export function localPrincipal(client: string): Principal {
  const short = shortName(client);
  return { id: `${userName()}@${hostname()}/${short}`, client: short };
}

function shortName(client: string): string {
  const name = client
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name || 'unknown';
}

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
