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

/** userInfo() throws for a uid without an entry, as in many containers. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid${process.getuid?.() ?? ''}`;
  }
}
