import {
  createServer as createPlain,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { SecureContextOptions } from 'node:tls';

/** The certificate that a server shows, now and later. */
export interface Encryption {
  readonly options: SecureContextOptions & { readonly requestCert?: boolean };
  onChange(take: (options: SecureContextOptions) => void): void;
}

/** A server for HTTP, or for HTTPS; another certificate is shown to new connections, and open ones go on. */
export function createHttpServer(
  options: ServerOptions,
  listener: RequestListener,
  encryption: Encryption | undefined,
): Server {
  if (!encryption) return createPlain(options, listener);
  const server = createSecure({ ...options, ...encryption.options }, listener);
  encryption.onChange(changed => server.setSecureContext(changed));
  return server as unknown as Server;
}
