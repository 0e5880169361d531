import { isIP } from 'node:net';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403 | 429;
  readonly message: string;
  /** As RFC 6750 calls it; absent where no token was sent. */
  readonly error?: 'invalid_token' | 'insufficient_scope';
  /** What the token would have to be for. */
  readonly scope?: string;
  /** When to try again, seconds. */
  readonly retryAfterS?: number;
}

/** Addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  // Nearly all that is asked for.
  if (host === '127.0.0.1') return true;
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Against pages that reach for a local server (DNS rebinding): the headers Host and Origin.
 * @param host the address that is listened on
 */
export function refuseForeign(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  host: string,
): Refusal | undefined {
  const asked = hostName(headers.host);
  if (isLoopback(host) && (asked === undefined || !isLoopback(asked))) {
    return { status: 403, message: 'This server answers to localhost only.' };
  }
  if (headers.origin !== undefined && !isAllowedOrigin(headers.origin, asked)) {
    return { status: 403, message: 'Requests of web pages are refused.' };
  }
  return undefined;
}

function isAllowedOrigin(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname, protocol } = new URL(origin);
  // Editors show their own pages under these schemes.
  if (protocol === 'vscode-webview:' || protocol === 'vscode-file:') return true;
  return isLoopback(hostname) || hostname === host;
}

/** Of the header that came last: nearly all name the same host. */
let known: { readonly header: string; readonly name: string | undefined } | undefined;

function hostName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (known?.header !== header) {
    const url = `http://${header}`;
    known = { header, name: URL.canParse(url) ? new URL(url).hostname : undefined };
  }
  return known.name;
}
