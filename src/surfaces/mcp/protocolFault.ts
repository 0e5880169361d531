import { type ErrorCode, MemoryError } from '../../engine/errors.ts';
import type { Logger } from '../../engine/ports/logger.ts';

const INVALID_PARAMS = -32_602;
const INTERNAL_ERROR = -32_603;

/** What each code is in JSON-RPC, where there is no error result as tools have one. */
const JSON_RPC: Readonly<Record<ErrorCode, number>> = {
  invalid_input: INVALID_PARAMS,
  not_found: INVALID_PARAMS,
  too_large: INVALID_PARAMS,
  conflict: INTERNAL_ERROR,
  stale_lease: INTERNAL_ERROR,
  forbidden: INVALID_PARAMS,
  unavailable: INTERNAL_ERROR,
  cancelled: INTERNAL_ERROR,
};

/**
 * An error answer of the protocol. The SDK takes `code`, `message` and `data` from whatever is thrown, so that this needs none of
 * its classes, which are not loaded twice.
 */
export class ProtocolFault extends Error {
  override readonly name = 'ProtocolFault';
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }

  static invalid(message: string): ProtocolFault {
    return new ProtocolFault(INVALID_PARAMS, message);
  }
}

/** Anything but a MemoryError is a bug: its text goes to the log, not to the client. */
export function faultOf(error: unknown, logger: Logger, data?: unknown): ProtocolFault {
  if (error instanceof ProtocolFault) return error;
  if (MemoryError.is(error)) {
    return new ProtocolFault(JSON_RPC[error.code], `${error.code}: ${error.message} ${error.fix}`, data);
  }
  logger.error('a request failed unexpectedly', {
    error: error instanceof Error ? error.stack : String(error),
  });
  return new ProtocolFault(INTERNAL_ERROR, 'Memory Central failed unexpectedly; its log says why.');
}
