import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';

/** Paths of PEM files. */
export interface CertificatePaths {
  readonly cert: string;
  readonly key: string;
  /** Empty: clients need no certificate. */
  readonly clientCa: string;
}

/** A certificate as its files have it now. */
export interface CertificateFiles extends Disposable {
  readonly options: SecureContextOptions & { readonly requestCert?: boolean };
  /** Calls back whenever the files hold another one that can be used. */
  onChange(take: (options: SecureContextOptions) => void): void;
}

const EVERY_MS = 2000;

/**
 * Reads a certificate and looks every two seconds whether its files have changed: links that are moved, as certbot and Kubernetes do it, are
 * seen too. What cannot be used, such as a new certificate whose key is not there yet, leaves the one before in place, and the log says so.
 * Throws `invalid_input` where it cannot be used at the start.
 * @param everyMs for tests
 */
export function certificateFiles(
  paths: CertificatePaths,
  logger: Logger,
  everyMs = EVERY_MS,
): CertificateFiles {
  const first = readFirst(paths);
  const takers = new Set<(options: SecureContextOptions) => void>();
  let seen = stateOf(paths);
  let told = '';
  const timer = setInterval(() => {
    try {
      const now = stateOf(paths);
      if (now === seen) return;
      const options = read(paths);
      seen = now;
      told = '';
      for (const take of takers) take(options);
      logger.info('the certificate was read anew', { file: paths.cert });
    } catch (error) {
      const problem = (error as Error).message;
      if (problem !== told) logger.warn('the new certificate cannot be used', { file: paths.cert, problem });
      told = problem;
    }
  }, everyMs).unref();
  return {
    options: first,
    onChange: take => void takers.add(take),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function readFirst(paths: CertificatePaths): CertificateFiles['options'] {
  try {
    return read(paths);
  } catch (cause) {
    throw new MemoryError(
      'invalid_input',
      `The certificate of tls.cert and tls.key cannot be used: ${(cause as Error).message}.`,
      'Give PEM files that belong together and that this user can read.',
      { cause },
    );
  }
}

/** TLS 1.2 and 1.3. Throws where the files are no certificate and its key. */
function read({ cert, key, clientCa }: CertificatePaths): CertificateFiles['options'] {
  const options = {
    ...{ cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' as const },
    ...(clientCa !== '' && { ca: readFileSync(clientCa), requestCert: true }),
  };
  createSecureContext(options);
  return options;
}

/** Another once a file was written or exchanged. Throws where it cannot be looked at, such as in a folder that is another's. */
function stateOf({ cert, key, clientCa }: CertificatePaths): string {
  return [cert, key, clientCa]
    .filter(path => path !== '')
    .map(path => {
      const { ino, mtimeMs, size } = statSync(path, { throwIfNoEntry: false }) ?? {};
      return `${ino} ${mtimeMs} ${size}`;
    })
    .join('\n');
}
