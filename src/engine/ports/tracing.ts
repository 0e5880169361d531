/** Which request something belongs to, as W3C Trace Context numbers it: lower-case hex. */
export interface TraceIds {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A step of a request, while it is under way. */
export interface TraceSpan {
  readonly ids: TraceIds;
  set(attributes: SpanAttributes): void;
  rename(name: string): void;
  fail(problem: string): void;
}

/** Tells what belongs to one request, across everything that it does. */
export interface Tracing extends AsyncDisposable {
  /** Of what runs now; undefined outside of requests. */
  current(): TraceIds | undefined;

  /**
   * Does a request; its trace goes on from the sender's, or begins.
   * @param traceparent the sender's header, as it came; what is none counts as absent
   */
  request<T>(
    name: string,
    traceparent: string | undefined,
    attributes: SpanAttributes,
    work: (span: TraceSpan) => Promise<T>,
  ): Promise<T>;

  /** Does a step of what runs now; outside of a request it only does it. A rejection is its failure. */
  step<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
}
