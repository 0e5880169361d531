import { type CertificateFiles, certificateFiles } from '../../adapters/files/certificateFiles.ts';
import type { Settings } from '../../config/settings.ts';
import { MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';

/** The certificate of the settings; undefined: none is set. Throws `invalid_input` where a part of it is missing or cannot be used. */
export function openEncryption(settings: Settings, logger: Logger): CertificateFiles | undefined {
  const { 'tls.cert': cert, 'tls.clientCa': clientCa, 'tls.key': key } = settings;
  if (cert === '' && key === '' && clientCa === '') return undefined;
  if (cert === '' || key === '')
    throw new MemoryError(
      'invalid_input',
      'tls.cert and tls.key belong together; one of them is not set.',
      'Set MEMORY_TLS_CERT and MEMORY_TLS_KEY, or neither.',
    );
  return certificateFiles({ cert, key, clientCa }, logger);
}
