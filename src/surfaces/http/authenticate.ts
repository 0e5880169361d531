import { createHash, timingSafeEqual } from 'node:crypto';
import { MemoryError } from '../../engine/errors.ts';
import type { Rights } from '../../engine/model/rights.ts';
import { isLoopback, type Refusal } from './guard.ts';

/** Who sends a request. */
export interface Sender {
  /** Of a token, such as `token:ci@central`; undefined: the user of this machine. */
  readonly subject?: string;
  /** undefined: all. */
  readonly rights?: Rights;
}

/** From where it is sent. */
export interface Peer {
  /** IP address; empty: unknown */
  readonly address: string;
  /** It is this machine. */
  readonly local: boolean;
}

/** @param authorization the header as it came; @returns who it is, or why it is turned away */
export type Authenticate = (authorization: string | undefined, peer: Peer) => Promise<Sender | Refusal>;

/** One kind of token. @returns undefined for what is none of its own, or opens nothing */
export type Verify = (token: string, peer: Peer) => Promise<Sender | undefined>;

export function isRefusal(answer: Sender | Refusal): answer is Refusal {
  return 'status' in answer;
}

/** Whoever reaches the address may use it; servers refuse this on any but a loopback address. */
export const everybody: Authenticate = async () => ({});

/** The same on any address: somebody who runs the server said so. */
export const everybodyAnywhere: Authenticate = async () => ({});

export function asksNobody(authenticate: Authenticate): boolean {
  return authenticate === everybody || authenticate === everybodyAnywhere;
}

/** Throws `invalid_input` where other machines would reach a server that asks nobody who they are. */
export function demandNotOpen(host: string, authenticate: Authenticate): void {
  if (isLoopback(host) || authenticate !== everybody) return;
  throw new MemoryError(
    'invalid_input',
    `${host} is open to other machines.`,
    'Listen on 127.0.0.1, or ask for a token.',
  );
}

/** Whoever has a token of one of these kinds. */
export function bearers(kinds: readonly Verify[]): Authenticate {
  return async (authorization, peer) => {
    const token = bearerOf(authorization);
    if (token === undefined)
      return {
        status: 401,
        message:
          'A bearer token is needed: `memory-central connect <client> --http` puts it in place, or --url and --token-file for a server elsewhere.',
      };
    for (const verify of kinds) {
      const sender = await verify(token, peer);
      if (sender) return sender;
    }
    return {
      status: 401,
      error: 'invalid_token',
      message: 'The bearer token opens nothing here: it is over, revoked, or of another server.',
    };
  };
}

/** One token that may do all, compared in constant time. */
export function oneToken(token: string): Authenticate {
  return bearers([sameAs(token)]);
}

/** The token of this machine's user, which opens nothing from elsewhere. */
export function ownToken(token: string): Verify {
  const same = sameAs(token);
  return async (sent, peer) => (peer.local ? same(sent, peer) : undefined);
}

function sameAs(token: string): Verify {
  const expected = digest(token);
  return async sent => (timingSafeEqual(digest(sent), expected) ? {} : undefined);
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
