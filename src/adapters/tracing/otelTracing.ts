import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TraceIds, TraceSpan, Tracing } from '../../engine/ports/tracing.ts';
import { within } from '../../engine/within.ts';
import { readTraceparent } from './traceContext.ts';

/** A program that ends waits so long for its last spans to be sent. */
const LEAVE_MS = 3_000;

interface Running {
  readonly context: Context;
  readonly ids: TraceIds;
}

/**
 * Records requests and their steps, and sends them by OTLP over HTTP. Where to, how many and under which name is said by the standard's
 * environment variables, which OpenTelemetry reads itself. A receiver that is away costs spans, and nobody's time.
 *
 * @param service unless OTEL_SERVICE_NAME says another
 */
export function createOtelTracing(service: string, version: string): Tracing {
  const own = resourceFromAttributes({ 'service.name': service, 'service.version': version });
  const said = detectResources({ detectors: [envDetector] });
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(own).merge(said),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('memory-central', version);
  const running = new AsyncLocalStorage<Running>();

  async function recorded<T>(span: Span, parent: Context, work: (span: TraceSpan) => Promise<T>): Promise<T> {
    const ids = idsOf(span);
    try {
      return await running.run({ context: trace.setSpan(parent, span), ids }, () => work(spanOf(span, ids)));
    } catch (error) {
      span.setAttribute('error.type', (error as { code?: string }).code ?? (error as Error).name);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    current: () => running.getStore()?.ids,
    request(name, traceparent, attributes, work) {
      const sender = readTraceparent(traceparent);
      const parent = sender
        ? trace.setSpanContext(ROOT_CONTEXT, { ...contextOf(sender), isRemote: true })
        : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: { ...attributes } }, parent);
      return recorded(span, parent, work);
    },
    step(name, attributes, work) {
      const parent = running.getStore()?.context;
      if (!parent) return work();
      const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes: { ...attributes } }, parent);
      return recorded(span, parent, work);
    },
    async [Symbol.asyncDispose]() {
      // What a receiver that is away does not take is lost.
      await within(
        provider.shutdown().catch(() => {}),
        LEAVE_MS,
        () => {},
      );
    },
  };
}

function spanOf(span: Span, ids: TraceIds): TraceSpan {
  return {
    ids,
    set: attributes => void span.setAttributes({ ...attributes }),
    rename: name => void span.updateName(name),
    fail: message => void span.setStatus({ code: SpanStatusCode.ERROR, message }),
  };
}

function idsOf(span: Span): TraceIds {
  const { spanId, traceFlags, traceId } = span.spanContext();
  return { spanId, traceId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
}

function contextOf({ sampled, spanId, traceId }: TraceIds) {
  return { spanId, traceId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE };
}
