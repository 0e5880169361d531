/** A request as it came. */
export interface BegunRequest {
  readonly method: string;
  /** The header of W3C Trace Context. */
  readonly traceparent: string | undefined;
}

/** How it was answered. */
export interface AnsweredRequest {
  /** The pattern that matched, such as `/v1/tools/:name`; `other` for none. Never the address: it holds names of people's things. */
  readonly route: string;
  readonly status: number;
  /** Who asked; undefined: nobody who was let in. */
  readonly principal?: string | undefined;
}

/** The trace that a request belongs to. */
export interface RequestTrace {
  readonly traceId: string;
  /** Header of the answer. */
  readonly traceparent: string;
}

/** Sees a request through: traced, measured, logged. Rejects with what `serve` rejects with. */
export type RequestWatch = (
  request: BegunRequest,
  serve: (trace: RequestTrace) => Promise<AnsweredRequest>,
) => Promise<void>;
