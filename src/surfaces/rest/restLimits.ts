/** What a request may be, and how much of everything there may be at once. */
export interface RestLimits {
  /** Of a body, bytes. */
  readonly bodyBytes: number;
  /** From the first byte to the answer, ms; a stream of events has none. */
  readonly deadlineMs: number;
  /** Requests that are worked on at once. */
  readonly inFlight: number;
  /** Streams of events that are open at once. */
  readonly streams: number;
  /** How often a stream says that it lives, ms. */
  readonly heartbeatMs: number;
}
