import { pino } from 'pino';
import type { Logger } from '../../engine/ports/logger.ts';

/** Fields that hold what opens something, wherever they come from. */
const SECRET = ['authorization', 'token', 'password', 'secret', 'apiKey', 'cookie'];
/** Tokens in words: ours, signed ones, and what follows `Bearer`. */
const TOKENS = /mc_[0-9a-f]{12}_[\w-]{43}|\beyJ[\w-]{10,}\.[\w-]+\.[\w-]+|\b(?<=bearer )[\w.~+/-]{16,}=*/gi;
const CENSOR = '[redacted]';

/**
 * JSON lines on stderr: stdout belongs to protocols and answers. No token is in them.
 * @param always told with each line, such as which request it belongs to
 */
export function createLogger(
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent',
  always?: () => Record<string, unknown>,
): Logger {
  const options = {
    ...{ level, base: { pid: process.pid } },
    redact: { paths: SECRET.flatMap(name => [name, `*.${name}`]), censor: CENSOR },
    hooks: { streamWrite: (line: string) => line.replace(TOKENS, CENSOR) },
    ...(always && { mixin: always }),
  };
  const log = pino(options, pino.destination({ fd: 2, sync: true }));
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
