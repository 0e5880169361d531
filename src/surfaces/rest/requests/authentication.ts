import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { MiddlewareHandler } from 'hono';
import { isRefusal } from '../../http/authenticate.ts';
import { endWhenRefused } from '../../http/endWhenRefused.ts';
import { type Refusal, refuseForeign } from '../../http/guard.ts';
import { peerOf } from '../../http/peerOf.ts';
import { metadataAddress, originOf, protectedResource } from '../../http/protectedResource.ts';
import { refusalHeaders } from '../../http/refusalHeaders.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { RequestRefused } from './requestRefused.ts';

const CODES = { 401: 'unauthenticated', 403: 'forbidden', 429: 'too_many_requests' } as const;

/**
 * Says who sends a request, as `c.get('caller')`, or turns it away; also tells where tokens come from (RFC 9728).
 * @param unasked paths that ask nobody
 */
export function authentication(deps: RestDeps, unasked: RegExp): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    const { authenticate, discovery, host } = deps;
    const asked = { host: c.req.header('host'), forwardedProto: c.req.header('x-forwarded-proto') };
    const { incoming, outgoing } = (c.env ?? {}) as { incoming?: IncomingMessage; outgoing?: ServerResponse };
    const origin = originOf(asked, (incoming?.socket as TLSSocket | undefined)?.encrypted === true);
    const refuse = (refusal: Refusal) =>
      refused(refusal, refusalHeaders(refusal, discovery && metadataAddress(origin, '')));
    const foreign = refuseForeign({ host: asked.host, origin: c.req.header('origin') }, host);
    if (foreign) throw refuse(foreign);
    const resource = discovery && protectedResource(c.req.path, origin, discovery);
    if (resource) return c.json(resource);
    if (unasked.test(c.req.path)) return next();
    const ask = () => authenticate(c.req.header('authorization'), peerOf(incoming?.socket));
    const sender = await ask();
    if (isRefusal(sender)) throw refuse(sender);
    // A WebSocket has no answer to end, but its connection.
    const open = outgoing ?? incoming?.socket;
    if (open && sender.subject !== undefined) endWhenRefused(open, ask);
    c.set('caller', deps.caller(c.req.header('x-memory-client'), sender));
    return next();
  };
}

function refused({ message, status }: Refusal, headers: Readonly<Record<string, string>>): RequestRefused {
  const fix =
    status === 429
      ? 'Send it again after the seconds that Retry-After names.'
      : 'Send the header "Authorization: Bearer <token>".';
  return new RequestRefused(status, CODES[status], message, fix, headers);
}
