import { createPlainTracing } from '../../adapters/tracing/plainTracing.ts';
import type { Tracing } from '../../engine/ports/tracing.ts';

/**
 * Records traces where the standard's environment variables ask for it: OTEL_TRACES_EXPORTER=otlp, or an endpoint without it; not with
 * OTEL_SDK_DISABLED=true. Else it only numbers requests. @param service its name there, unless OTEL_SERVICE_NAME says another
 */
export async function openTracing(service: string, version: string, env = process.env): Promise<Tracing> {
  if (!isAskedFor(env)) return createPlainTracing();
  // Most do not trace, and start without it.
  const { createOtelTracing } = await import('../../adapters/tracing/otelTracing.ts');
  return createOtelTracing(service, version);
}

/** What a line of the log says of the request that it belongs to. */
export function traceFields(tracing: Tracing): Record<string, unknown> {
  const ids = tracing.current();
  return ids ? { trace_id: ids.traceId, span_id: ids.spanId } : {};
}

function isAskedFor(env: NodeJS.ProcessEnv): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false;
  const exporters =
    env['OTEL_TRACES_EXPORTER']
      ?.split(',')
      .map(one => one.trim())
      .filter(Boolean) ?? [];
  if (exporters.length > 0) return exporters.includes('otlp');
  return Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
}
