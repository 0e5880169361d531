import { z } from 'zod';
import { SCOPES } from '../../engine/model/rights.ts';
import { isoOrNull, isoTime } from '../../engine/model/time.ts';
import type { TokenRecord } from '../../engine/ports/tokenStore.ts';

const DAY_MS = 86_400_000;

export const scope = z.enum(SCOPES);
export const tokenName = z.string().min(1).max(200);

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  namespaces: z.array(z.string()).optional().describe('Absent: all'),
  clients: z.array(z.string()).optional().describe('Absent: any'),
  created_at: z.string(),
  expires_at: z.string().nullable().describe('null: never'),
  used_at: z.string().nullable().describe('Within an hour; null: not yet'),
});
type TokenView = z.infer<typeof tokenView>;

/** Without what it is compared with. */
export function viewToken({ id, name, rights, createdAt, expiresAt, usedAt }: TokenRecord): TokenView {
  return {
    ...{ id, name, scopes: [...rights.scopes] },
    ...(rights.namespaces && { namespaces: [...rights.namespaces] }),
    ...(rights.clients && { clients: [...rights.clients] }),
    created_at: isoTime(createdAt),
    expires_at: isoOrNull(expiresAt),
    used_at: isoOrNull(usedAt),
  };
}

/** One line, such as `3f0a… ci  read write  github.com/a/b  as codex  until 2027-01-01  used 2026-05-01`. */
export function tokenLine({ id, name, scopes, namespaces, clients, expires_at, used_at }: TokenView): string {
  const where = namespaces ? namespaces.join(' ') || 'no namespace' : 'all namespaces';
  const until = expires_at === null ? 'for ever' : `until ${endOf(expires_at)}`;
  const used = used_at === null ? 'never used' : `used ${used_at.slice(0, 10)}`;
  const as = clients ? [`as ${clients.join(' ')}`] : [];
  return [id, name, scopes.join(' '), where, ...as, until, used].join('  ');
}

/** The day; of one that ends within two the minute, too: of two with one name that is the older one. */
function endOf(time: string): string {
  return Date.parse(time) - Date.now() < 2 * DAY_MS ? `${time.slice(0, 16)}Z` : time.slice(0, 10);
}

/** What whoever made it is told, once. */
export function madeText({ token, name }: { readonly token: string; readonly name: string }): string {
  return `${token}\nThe token of ${name}, shown this once: send it as "Authorization: Bearer <token>".`;
}
