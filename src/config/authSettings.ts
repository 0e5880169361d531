import { z } from 'zod';
import { settingMeta } from './settingMeta.ts';

/** Signatures that everybody can check, so that nobody who checks them could make them. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Names of a list that spaces or commas separate. */
export function namesIn(list: string): readonly string[] {
  return list.split(/[\s,]+/).filter(name => name !== '');
}

/** Who may use `memory-central serve` over the network, and how it is encrypted: docs/security.md. */
export const authSettings = {
  'auth.required': z
    .boolean()
    .default(true)
    .describe(
      'Ask whoever comes over HTTP for a token. Off: whoever reaches the address may do all, from other machines too.',
    )
    .register(settingMeta, { env: 'MEMORY_AUTH_REQUIRED', scope: 'none' }),
  'auth.failuresPerMinute': z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .describe('Wrong tokens of one address in a minute; the next are told to wait.')
    .register(settingMeta, { env: 'MEMORY_AUTH_FAILURES_PER_MINUTE', scope: 'none' }),
  'auth.issuer': z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe(
      'Authorization server whose signed tokens (JWT) are taken, as their claim `iss` names it. Empty: none.',
    )
    .register(settingMeta, { env: 'MEMORY_AUTH_ISSUER', scope: 'none' }),
  'auth.audience': z
    .string()
    .default('')
    .describe(
      'For whom these tokens are, as `aud` names it; several are separated by spaces. Needed with auth.issuer.',
    )
    .register(settingMeta, { env: 'MEMORY_AUTH_AUDIENCE', scope: 'none' }),
  'auth.jwksUrl': z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .describe("Where the issuer's keys are. Empty: as its metadata says (RFC 8414, OpenID Connect).")
    .register(settingMeta, { env: 'MEMORY_AUTH_JWKS_URL', scope: 'none' }),
  'auth.algorithms': z
    .string()
    .default('RS256 PS256 ES256 EdDSA')
    .refine(
      list => {
        const names = namesIn(list);
        return names.length > 0 && names.every(name => ALGORITHMS.includes(name));
      },
      `must name some of ${ALGORITHMS.join(', ')}`,
    )
    .describe('Signatures that are taken.')
    .register(settingMeta, { env: 'MEMORY_AUTH_ALGORITHMS', scope: 'none' }),
  'auth.namespacesClaim': z
    .string()
    .default('')
    .describe(
      'Claim that lists the namespaces a token reaches; without it a token reaches none, and `*` is all. Empty: every token reaches all.',
    )
    .register(settingMeta, { env: 'MEMORY_AUTH_NAMESPACES_CLAIM', scope: 'none' }),
  'auth.clientsClaim': z
    .string()
    .default('')
    .describe(
      'Claim that lists the clients a token goes by, such as `azp`; what is for a client is not for a token without it. Empty: no token has it.',
    )
    .register(settingMeta, { env: 'MEMORY_AUTH_CLIENTS_CLAIM', scope: 'none' }),
  'auth.clockToleranceSeconds': z
    .number()
    .int()
    .min(0)
    .max(600)
    .default(30)
    .describe("Seconds by which the issuer's clock may differ.")
    .register(settingMeta, { env: 'MEMORY_AUTH_CLOCK_TOLERANCE', scope: 'none' }),
  'tls.cert': z
    .string()
    .default('')
    .describe(
      'File with the certificate (PEM, its chain after it) of MCP and REST; read anew when it changes. Empty: no encryption.',
    )
    .register(settingMeta, { env: 'MEMORY_TLS_CERT', scope: 'none' }),
  'tls.key': z
    .string()
    .default('')
    .describe('File with its key (PEM).')
    .register(settingMeta, { env: 'MEMORY_TLS_KEY', scope: 'none' }),
  'tls.clientCa': z
    .string()
    .default('')
    .describe(
      'File with the authorities (PEM) of which clients must have a certificate. Empty: clients need none.',
    )
    .register(settingMeta, { env: 'MEMORY_TLS_CLIENT_CA', scope: 'none' }),
};
