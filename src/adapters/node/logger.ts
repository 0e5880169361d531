import { pino } from 'pino';
import type { Logger } from '../../engine/ports/logger.ts';

/** JSON lines on stderr: stdout belongs to protocols and answers. */
export function createLogger(level: 'debug' | 'info' | 'warn' | 'error' | 'silent'): Logger {
  const log = pino({ level, base: { pid: process.pid } }, pino.destination({ fd: 2, sync: true }));
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
