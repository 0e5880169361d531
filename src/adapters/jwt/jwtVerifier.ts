import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type RemoteJWKSetOptions } from 'jose';
import { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { findKeys } from './findKeys.ts';

export interface JwtOptions {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Empty: as the issuer's metadata says. */
  readonly jwksUrl: string;
  /** Never `none` or an HMAC: the key of those who check would be the key of those who sign. */
  readonly algorithms: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly logger: Logger;
  /** An unknown key is looked for at most so often, ms. Default: every 30 s */
  readonly cooldownMs?: number;
}

/** Claims of a token that the issuer signed for this audience; undefined: it is none of these. */
export type VerifyJwt = (token: string) => Promise<JWTPayload | undefined>;

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** No token of an issuer is longer. */
const MOST_CHARS = 16_384;
const KEYS: RemoteJWKSetOptions = { cacheMaxAge: 600_000, timeoutDuration: 5000 };

/**
 * Checks tokens by the keys that the issuer publishes: fetched at the first token, kept ten minutes, and fetched anew for a key that is not
 * among them, so that keys change without a restart. Rejects with `unavailable` where they cannot be had.
 */
export function createJwtVerifier(options: JwtOptions): VerifyJwt {
  const { algorithms, audience, clockToleranceSeconds, cooldownMs = 30_000, issuer, logger } = options;
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async token => {
    if (token.length > MOST_CHARS || !FORM.test(token)) return undefined;
    try {
      keys ??= createRemoteJWKSet(await findKeys(options), { ...KEYS, cooldownDuration: cooldownMs });
      const { payload } = await jwtVerify(token, keys, {
        ...{ issuer, audience: [...audience], algorithms: [...algorithms] },
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
      });
      return payload;
    } catch (error) {
      if (isAway(error)) throw away(issuer, error);
      logger.debug('a signed token was refused', { reason: (error as Error).message });
      return undefined;
    }
  };
}

/** The keys could not be had, so nobody knows of the token. */
function isAway(error: unknown): boolean {
  if (MemoryError.is(error) || error instanceof errors.JWKSTimeout) return true;
  if (error instanceof errors.JOSEError)
    return error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID';
  return true;
}

function away(issuer: string, cause: unknown): MemoryError {
  if (MemoryError.is(cause)) return cause;
  return new MemoryError(
    'unavailable',
    `The keys of ${issuer} cannot be had: ${(cause as Error).message}.`,
    'Try again; whoever runs the server sees to auth.issuer and auth.jwksUrl.',
    { cause },
  );
}
