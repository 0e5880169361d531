import { randomFillSync } from 'node:crypto';
import type { TraceIds } from '../../engine/ports/tracing.ts';

/** W3C Trace Context, version 00; a later version may say more after it. */
const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

/** Asking for many at once costs hardly more than asking for few. */
const pool = Buffer.alloc(8192);
let used = pool.length;

/** @returns undefined for a header that is none */
export function readTraceparent(header: string | undefined): TraceIds | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header ?? '') ?? [];
  if (version === undefined || (version === '00' && more !== undefined)) return undefined;
  return { traceId: traceId!, spanId: spanId!, sampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

/** @param parent undefined: a new trace, which nobody records */
export function childOf(parent: TraceIds | undefined): TraceIds {
  return {
    traceId: parent?.traceId ?? randomHex(TRACE_BYTES),
    spanId: randomHex(SPAN_BYTES),
    sampled: parent?.sampled ?? false,
  };
}

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
