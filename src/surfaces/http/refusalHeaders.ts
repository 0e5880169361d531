import type { Refusal } from './guard.ts';

/**
 * What a client needs to do better: how to authenticate (RFC 6750), where tokens come from (RFC 9728), when to try again.
 * @param metadata address of the resource's metadata; undefined: no server gives tokens for it
 */
export function refusalHeaders(
  { status, error, message, retryAfterS, scope }: Refusal,
  metadata: string | undefined,
): Readonly<Record<string, string>> {
  const challenge = [
    ...(error === undefined ? [] : [`error="${error}"`, `error_description="${quoted(message)}"`]),
    ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ...(metadata === undefined ? [] : [`resource_metadata="${quoted(metadata)}"`]),
  ];
  const isChallenge = status === 401 || error !== undefined;
  return {
    ...(isChallenge && { 'www-authenticate': `Bearer ${challenge.join(', ')}`.trim() }),
    ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
  };
}

/** As a quoted string of a header may hold it. */
function quoted(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, "'");
}
