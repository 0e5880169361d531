import { createJwtVerifier } from '../../adapters/jwt/jwtVerifier.ts';
import { namesIn } from '../../config/authSettings.ts';
import type { Settings } from '../../config/settings.ts';
import { clientLabel } from '../../engine/agents/clientLabel.ts';
import { MemoryError } from '../../engine/errors.ts';
import { checkNamespace } from '../../engine/model/namespace.ts';
import { type Rights, SCOPES } from '../../engine/model/rights.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { Verify } from '../../surfaces/http/authenticate.ts';

const ALL = '*';

type Claims = Readonly<Record<string, unknown>>;

/** Whom a signed token of the configured issuer speaks for. Throws `invalid_input` where it is not said for whom tokens are. */
export function jwtSender(settings: Settings, logger: Logger): Verify {
  const issuer = settings['auth.issuer'];
  const audience = namesIn(settings['auth.audience']);
  if (audience.length === 0)
    throw new MemoryError(
      'invalid_input',
      'auth.issuer is set, and auth.audience is not: tokens for any other service would be taken.',
      'Set MEMORY_AUTH_AUDIENCE to what `aud` of the tokens names, such as the address of this server.',
    );
  const verify = createJwtVerifier({
    ...{ issuer, audience, logger },
    jwksUrl: settings['auth.jwksUrl'],
    algorithms: namesIn(settings['auth.algorithms']),
    clockToleranceSeconds: settings['auth.clockToleranceSeconds'],
  });
  const named = { namespaces: settings['auth.namespacesClaim'], clients: settings['auth.clientsClaim'] };
  const { host } = new URL(issuer);
  return async token => {
    const claims = await verify(token);
    const subject: unknown = claims?.sub;
    // Half of a surrogate pair is no text that could be kept, or told from another.
    if (!claims || typeof subject !== 'string' || subject === '' || !subject.isWellFormed()) return undefined;
    return { subject: `jwt:${encodeURIComponent(subject)}@${host}`, rights: rightsOf(claims, named) };
  };
}

/** @param named claims that list them; empty: none does */
function rightsOf(claims: Claims, named: { readonly namespaces: string; readonly clients: string }): Rights {
  const scopes = [...textsOf(claims['scope']), ...textsOf(claims['scp'])];
  const namespaces = named.namespaces === '' ? [ALL] : textsOf(claims[named.namespaces]);
  const clients = named.clients === '' ? [] : textsOf(claims[named.clients]);
  return {
    scopes: SCOPES.filter(scope => scopes.includes(scope)),
    ...(!namespaces.includes(ALL) && { namespaces: namespaces.filter(isNamespace) }),
    ...(clients.length > 0 && { clients: [...new Set(clients.map(clientLabel))] }),
  };
}

/** A list, or names that spaces or commas separate. */
function textsOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return namesIn(claim);
  return Array.isArray(claim) ? claim.filter(one => typeof one === 'string') : [];
}

function isNamespace(name: string): boolean {
  try {
    checkNamespace(name);
    return true;
  } catch {
    return false;
  }
}
