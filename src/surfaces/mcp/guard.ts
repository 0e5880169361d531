import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Host and Origin first, against pages that reach for a local server (DNS rebinding); then the bearer token, in constant time.
 * @param host the address that is listened on
 */
export function refuse(
  request: IncomingMessage,
  host: string,
  token: string | undefined,
): Refusal | undefined {
  const asked = hostName(request.headers.host);
  if (isLoopback(host) && (asked === undefined || !isLoopback(asked))) {
    return { status: 403, message: 'This server answers to localhost only.' };
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isAllowedOrigin(origin, asked)) {
    return { status: 403, message: 'Requests of web pages are refused.' };
  }
  if (token === undefined) return undefined;
  const sent = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (sent !== undefined && timingSafeEqual(digest(sent), digest(token))) return undefined;
  return {
    status: 401,
    message: 'A bearer token is needed: `memory-central connect <client> --http` puts it in place.',
  };
}

function isAllowedOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  // Editors show their own pages under these schemes.
  if (protocol === 'vscode-webview:' || protocol === 'vscode-file:') return true;
  return isLoopback(hostname) || hostname === host;
}

function hostName(header: string | undefined): string | undefined {
  return header !== undefined && URL.canParse(`http://${header}`)
    ? new URL(`http://${header}`).hostname
    : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
