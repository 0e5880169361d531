import type { PrometheusMetrics } from '../../adapters/prometheus/prometheusMetrics.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import type { TraceIds, Tracing } from '../../engine/ports/tracing.ts';
import type { RequestWatch } from '../../surfaces/http/requestWatch.ts';

/** Asked for all the time. */
const PROBES = /^\/(v1\/health|metrics)/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Traces, measures and logs the requests of a surface: what was asked and how it ended, never with which words. */
export function watchedRequests(
  surface: string,
  metrics: PrometheusMetrics,
  tracing: Tracing,
  logger: Logger,
): RequestWatch {
  return async ({ method: sent, traceparent }, serve) => {
    // Anybody may send any word.
    const method = METHODS.has(sent) ? sent : 'OTHER';
    const began = performance.now();
    metrics.move('httpInFlight', 1, surface);
    let answered = { route: 'other', status: 500, principal: undefined as string | undefined };
    try {
      await tracing.request(method, traceparent, { 'http.request.method': method }, async span => {
        answered = { principal: undefined, ...(await serve(traceOf(span.ids))) };
        const { route, status } = answered;
        span.rename(`${method} ${route}`);
        span.set({ 'http.route': route, 'http.response.status_code': status });
        if (status >= 500) span.fail(`status ${status}`);
        const ms = Math.round((performance.now() - began) * 100) / 100;
        const say = PROBES.test(route) ? logger.debug : logger.info;
        say('request', { surface, method, ...answered, ms });
      });
    } finally {
      const { route, status } = answered;
      metrics.move('httpInFlight', -1, surface);
      metrics.took('httpSeconds', (performance.now() - began) / 1000, surface, method, route);
      metrics.count('httpRequests', 1, surface, method, route, String(status));
    }
  };
}

function traceOf({ sampled, spanId, traceId }: TraceIds) {
  return { traceId, traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}` };
}
