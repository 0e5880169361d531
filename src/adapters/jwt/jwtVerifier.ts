import { type JWTPayload, jwtVerify } from 'jose';
import type { Logger } from '../../engine/ports/logger.ts';
import { away, isAway, issuerKeys } from './issuerKeys.ts';

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

/**
 * Checks tokens by the keys that the issuer publishes: fetched at the first token, kept ten minutes, and fetched anew for a key that is not
 * among them, so that keys change without a restart. Rejects with `unavailable` where they cannot be had.
 */
export function createJwtVerifier(options: JwtOptions): VerifyJwt {
  const { algorithms, audience, clockToleranceSeconds, cooldownMs = 30_000, issuer, logger } = options;
  const keys = issuerKeys({ issuer, jwksUrl: options.jwksUrl, cooldownMs });
  return async token => {
    if (token.length > MOST_CHARS || !FORM.test(token)) return undefined;
    try {
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
