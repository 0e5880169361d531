import { SCOPES } from '../../engine/model/rights.ts';

/** Who gives tokens for this server. */
export interface Discovery {
  readonly issuer: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/**
 * RFC 9728: what clients read to find out where tokens for a resource come from.
 * @param path of the request @param origin as the client sees it, such as `https://memory.lan:9000`
 * @returns undefined where the path is another
 */
export function protectedResource(
  path: string,
  origin: string,
  { issuer }: Discovery,
): Readonly<Record<string, unknown>> | undefined {
  if (path !== WELL_KNOWN && !path.startsWith(`${WELL_KNOWN}/`)) return undefined;
  return {
    resource: origin + path.slice(WELL_KNOWN.length),
    authorization_servers: [issuer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: 'Memory Central',
  };
}

/** Address of the metadata of a resource. @param path of the resource, such as `/mcp`; empty: the whole server */
export function metadataAddress(origin: string, path: string): string {
  return `${origin}${WELL_KNOWN}${path === '/' ? '' : path}`;
}

/** As the client sees the server; a proxy before it says whether it encrypts. */
export function originOf(
  {
    host,
    forwardedProto,
  }: { readonly host: string | undefined; readonly forwardedProto: string | undefined },
  encrypted: boolean,
): string {
  const secure = encrypted || forwardedProto?.split(',')[0]?.trim() === 'https';
  return `${secure ? 'https' : 'http'}://${host ?? 'localhost'}`;
}
