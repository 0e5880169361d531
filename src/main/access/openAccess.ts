import { localToken } from '../../adapters/node/tokenFile.ts';
import {
  type Authenticate,
  bearers,
  everybody,
  everybodyAnywhere,
  ownToken,
  type Verify,
} from '../../surfaces/http/authenticate.ts';
import { limitFailures } from '../../surfaces/http/limitFailures.ts';
import type { Discovery } from '../../surfaces/http/protectedResource.ts';
import type { Runtime } from '../runtime.ts';

export interface Access {
  readonly authenticate: Authenticate;
  /** Where clients get tokens; undefined: from a person. */
  readonly discovery?: Discovery;
}

/**
 * Who may use the servers: the user of this machine by the token file, tokens that were made for programs, and those of an authorization server.
 * @param auth false: whoever reaches the address, which servers refuse on any but loopback
 */
export async function openAccess(runtime: Runtime, auth: boolean): Promise<Access> {
  const { dataDirectory, logger, settings } = runtime;
  if (!settings['auth.required']) return { authenticate: everybodyAnywhere };
  if (!auth) return { authenticate: everybody };
  const kinds: Verify[] = [ownToken(localToken(dataDirectory)), storedToken(runtime)];
  const issuer = settings['auth.issuer'];
  if (issuer !== '') kinds.push((await import('./jwtSender.ts')).jwtSender(settings, logger));
  return {
    authenticate: limitFailures(bearers(kinds), settings['auth.failuresPerMinute']),
    ...(issuer !== '' && { discovery: { issuer } }),
  };
}

/** A token of `memory-central token`. */
function storedToken(runtime: Runtime): Verify {
  return async token => {
    if (!token.startsWith('mc_')) return undefined;
    const { tokens } = await runtime.engine();
    const record = await tokens.verify(token);
    return record && { subject: `token:${record.name}@central`, rights: record.rights };
  };
}
