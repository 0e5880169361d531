import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSetOptions } from 'jose';
import { MemoryError } from '../../engine/errors.ts';
import { findKeys } from './findKeys.ts';

const KEYS: RemoteJWKSetOptions = { cacheMaxAge: 600_000, timeoutDuration: 5000 };
/** An issuer that could not be asked is left alone for so long, ms. */
const PAUSE_MS = 2000;
/** So many wait for keys at once: anybody may name one that nobody has, and those who wait are in the way of others. */
const MOST_WAITING = 32;

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Empty: as the issuer's metadata says. */
  readonly jwksUrl: string;
  /** An unknown key is looked for at most so often, ms. */
  readonly cooldownMs: number;
}

/**
 * The keys that an issuer publishes, as `jwtVerify` asks for them: fetched once for all who come meanwhile. A key that is known costs no
 * question. Rejects with `unavailable` where they cannot be had, and with what jose says of a key that there is not.
 */
export function issuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { cooldownMs, issuer } = options;
  const find = async () =>
    createRemoteJWKSet(await findKeys(options), { ...KEYS, cooldownDuration: cooldownMs });
  let finding: ReturnType<typeof find> | undefined;
  let known: Awaited<ReturnType<typeof find>> | undefined;
  let failure: { readonly error: MemoryError; readonly until: number } | undefined;
  let waiting = 0;
  return async (header, token) => {
    if (known?.fresh && known.jwks()?.keys.some(({ kid }) => kid === header?.kid))
      return known(header, token);
    if (failure && performance.now() < failure.until) throw failure.error;
    if (waiting >= MOST_WAITING) throw away(issuer, new Error(`${waiting} wait for them already`));
    waiting += 1;
    try {
      finding ??= find().finally(() => {
        finding = undefined;
      });
      known ??= await finding;
      return await known(header, token);
    } catch (error) {
      if (!isAway(error)) throw error;
      failure = { error: away(issuer, error), until: performance.now() + PAUSE_MS };
      throw failure.error;
    } finally {
      waiting -= 1;
    }
  };
}

/** The keys could not be had, so nobody knows of the token. */
export function isAway(error: unknown): boolean {
  if (MemoryError.is(error) || error instanceof errors.JWKSTimeout) return true;
  if (error instanceof errors.JOSEError)
    return error.code === 'ERR_JOSE_GENERIC' || error.code === 'ERR_JWKS_INVALID';
  return true;
}

export function away(issuer: string, cause: unknown): MemoryError {
  if (MemoryError.is(cause)) return cause;
  return new MemoryError(
    'unavailable',
    `The keys of ${issuer} cannot be had: ${(cause as Error).message}.`,
    'Try again; whoever runs the server sees to auth.issuer and auth.jwksUrl.',
    { cause },
  );
}
