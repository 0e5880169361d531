import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceIds, Tracing } from '../../engine/ports/tracing.ts';
import { childOf, readTraceparent } from './traceContext.ts';

/** Says which request something belongs to, and records nothing. */
export function createPlainTracing(): Tracing {
  const running = new AsyncLocalStorage<TraceIds>();
  return {
    current: () => running.getStore(),
    request(_name, traceparent, _attributes, work) {
      const ids = childOf(readTraceparent(traceparent));
      return running.run(ids, () => work({ ids, set() {}, rename() {}, fail() {} }));
    },
    step: (_name, _attributes, work) => work(),
    async [Symbol.asyncDispose]() {},
  };
}
