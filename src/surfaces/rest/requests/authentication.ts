import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Context } from 'hono';
import { isRefusal } from '../../http/authenticate.ts';
import { endWhenRefused } from '../../http/endWhenRefused.ts';
import { type Refusal, refuseForeign } from '../../http/guard.ts';
import { peerOf } from '../../http/peerOf.ts';
import { metadataAddress, originOf, protectedResource } from '../../http/protectedResource.ts';
import { refusalHeaders } from '../../http/refusalHeaders.ts';
import type { RestDeps, RestEnv } from '../restDeps.ts';
import { setAnswerHeader } from './answerHeader.ts';
import { RequestRefused } from './requestRefused.ts';

const CODES = { 401: 'unauthenticated', 403: 'forbidden', 429: 'too_many_requests' } as const;

/**
 * Says who sends a request, as `c.get('caller')`, or turns it away, also where that one has sent too many; also tells where tokens come from (RFC 9728).
 * @param unasked paths that ask nobody
 * @returns the answer, where it needs nothing else
 */
export function authentication(
  deps: RestDeps,
  unasked: RegExp,
): (c: Context<RestEnv>) => Promise<Response | undefined> {
  const { authenticate, discovery, host, rate } = deps;
  return async c => {
    const { incoming, outgoing } = (c.env ?? {}) as { incoming?: IncomingMessage; outgoing?: ServerResponse };
    const refuse = (refusal: Refusal) =>
      refused(refusal, refusalHeaders(refusal, discovery && metadataAddress(originFor(c, incoming), '')));
    const foreign = refuseForeign({ host: c.req.header('host'), origin: c.req.header('origin') }, host);
    if (foreign) throw refuse(foreign);
    const resource = discovery && protectedResource(c.req.path, originFor(c, incoming), discovery);
    if (resource) return c.json(resource);
    if (unasked.test(c.req.path)) return undefined;
    const ask = () => authenticate(c.req.header('authorization'), peerOf(incoming?.socket));
    const sender = await ask();
    if (isRefusal(sender)) throw refuse(sender);
    // A WebSocket has no answer to end, but its connection.
    const open = outgoing ?? incoming?.socket;
    if (open && sender.subject !== undefined) endWhenRefused(open, ask);
    c.set('subject', sender.subject);
    const { headers, refusal } = await rate(sender);
    for (const [name, value] of headers) setAnswerHeader(c, name, value);
    // The log is to say who sends too much.
    c.set('caller', deps.caller(c.req.header('x-memory-client'), sender));
    if (refusal) throw refuse(refusal);
    return undefined;
  };
}

function originFor({ req }: Context, incoming: IncomingMessage | undefined): string {
  const asked = { host: req.header('host'), forwardedProto: req.header('x-forwarded-proto') };
  return originOf(asked, (incoming?.socket as TLSSocket | undefined)?.encrypted === true);
}

function refused(refusal: Refusal, headers: Readonly<Record<string, string>>): RequestRefused {
  const { message, status } = refusal;
  return new RequestRefused(status, CODES[status], message, fixFor(refusal), headers);
}

function fixFor({ error, status }: Refusal): string {
  if (status === 429) return 'Send it again after the seconds that Retry-After names.';
  if (status === 403) return 'Ask from a program, by an address that the server listens on.';
  return error === undefined
    ? 'Send the header "Authorization: Bearer <token>": on this machine the text of the file http-token, elsewhere what `memory-central token create` shows.'
    : 'Make another on the server, `memory-central token create`, or get a new one where it came from; with MEMORY_LOG_LEVEL=debug the log says why a signed one is refused.';
}
