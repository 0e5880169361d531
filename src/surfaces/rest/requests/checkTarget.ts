import type { Context } from 'hono';
import { RequestRefused } from './requestRefused.ts';

/** More than any address of ours needs, and what proxies let through. */
const MOST_CHARS = 8192;
/** Nearly all are plain, and this is told at a glance. */
const PLAIN = /^(\/[\w~-][\w~.-]*)+$/;

/** Refuses addresses that a proxy before us, or we, could take for another one: `..`, `//`, `\`, NUL, in any spelling. */
export function checkTarget(c: Context): void {
  const target =
    (c.env as { incoming?: { url?: string } } | undefined)?.incoming?.url ?? new URL(c.req.url).pathname;
  if (target.length > MOST_CHARS)
    throw new RequestRefused(
      414,
      'too_large',
      `An address has at most ${MOST_CHARS} characters.`,
      'Send long values in a body: POST /v1/search, or POST /v1/tools/{name}.',
    );
  const query = target.indexOf('?');
  if (isTricky(query < 0 ? target : target.slice(0, query)))
    throw new RequestRefused(
      400,
      'invalid_input',
      'The address is no plain path of this server.',
      'Leave out "..", "//" and control characters; encode a slash within an id as %2F.',
    );
  // Two of them, or one that another server would take for two.
  if (c.req.header('host')?.includes(','))
    throw new RequestRefused(
      400,
      'invalid_input',
      'The request names more than one host.',
      'Send one header Host.',
    );
}

function isTricky(path: string): boolean {
  if (PLAIN.test(path)) return false;
  if (!path.startsWith('/') || path.includes('//')) return true;
  try {
    const parts = path.split('/');
    return /[\p{Cc}\\]/u.test(decodeURIComponent(path)) || parts.some(part => /^(\.|%2e){1,2}$/i.test(part));
  } catch {
    return true;
  }
}
