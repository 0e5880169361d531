import { MemoryError } from '../../engine/errors.ts';

const PATIENCE_MS = 5000;

/**
 * Where an issuer publishes its keys: as it is told, else as its metadata says (RFC 8414, else OpenID Connect Discovery).
 * Rejects with `unavailable`.
 */
export async function findKeys({
  issuer,
  jwksUrl,
}: {
  readonly issuer: string;
  readonly jwksUrl: string;
}): Promise<URL> {
  if (jwksUrl !== '') return new URL(jwksUrl);
  const tried: string[] = [];
  for (const address of metadataOf(issuer)) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const told = (await answer.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
      if (told.issuer !== issuer) throw new Error('it names another issuer');
      return new URL(String(told.jwks_uri));
    } catch (error) {
      tried.push(`${address}: ${(error as Error).message}`);
    }
  }
  throw new MemoryError(
    'unavailable',
    `The keys of ${issuer} cannot be found (${tried.join('; ')}).`,
    'Try again; whoever runs the server sees to auth.issuer, or sets auth.jwksUrl.',
  );
}

function metadataOf(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ].filter((address, i, all) => all.indexOf(address) === i);
}
