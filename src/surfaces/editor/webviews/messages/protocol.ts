import { number, object, oneOf, type Shape, type Shaped, ShapeError, text } from './shape.ts';

/**
 * Everything a web page asks of the extension host, and what it is told unasked. Defined once a page, below this folder; both sides
 * check what they receive against it.
 */
export interface Protocol {
  readonly requests: Readonly<
    Record<string, { readonly input: Shape<unknown>; readonly answer: Shape<unknown> }>
  >;
  readonly events: Readonly<Record<string, Shape<unknown>>>;
}

export type RequestOf<P extends Protocol> = keyof P['requests'] & string;
export type EventOf<P extends Protocol> = keyof P['events'] & string;
export type Input<P extends Protocol, N extends RequestOf<P>> = Shaped<P['requests'][N]['input']>;
export type AnswerTo<P extends Protocol, N extends RequestOf<P>> = Shaped<P['requests'][N]['answer']>;
export type EventValue<P extends Protocol, N extends EventOf<P>> = Shaped<P['events'][N]>;

/** Why a request failed, as a person may read it. */
export interface Failure {
  /** An `ErrorCode`, or `bug`. */
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** From the page to the extension host. */
export type ToHost =
  /** It listens now; what was told before reaches it after this. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly input: unknown }
  /** Nobody waits for the answer any more. */
  | { readonly kind: 'cancel'; readonly id: number };

/** From the extension host to the page. */
export type FromHost =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly name: string; readonly value: unknown };

const ID = number({ integer: true, min: 1 });
const KIND_TO_HOST = object({ kind: oneOf(['ready', 'request', 'cancel']) });
const REQUEST = object({ id: ID, name: text({ max: 100 }) });
const CANCEL = object({ id: ID });
const KIND_FROM_HOST = object({ kind: oneOf(['answer', 'failure', 'event']) });
const ANSWER = object({ id: ID });
const FAILURE = object({ id: ID, failure: object({ code: text(), message: text(), fix: text() }) });
const EVENT = object({ name: text() });

/** Throws `ShapeError`. An input that is none of its request's throws when it is parsed by `inputOf`. */
export function parseToHost(message: unknown): ToHost {
  const { kind } = KIND_TO_HOST.parse(message);
  if (kind === 'ready') return { kind };
  if (kind === 'cancel') return { kind, ...CANCEL.parse(message) };
  return { kind, ...REQUEST.parse(message), input: (message as { input?: unknown }).input };
}

/** Throws `ShapeError`. */
export function parseFromHost(message: unknown): FromHost {
  const { kind } = KIND_FROM_HOST.parse(message);
  if (kind === 'failure') return { kind, ...FAILURE.parse(message) };
  const { value } = message as { value?: unknown };
  return kind === 'answer'
    ? { kind, ...ANSWER.parse(message), value }
    : { kind, ...EVENT.parse(message), value };
}

/** The request of that name; throws `ShapeError` where there is none. */
export function requestNamed(protocol: Protocol, name: string): Protocol['requests'][string] {
  const request = Object.hasOwn(protocol.requests, name) ? protocol.requests[name] : undefined;
  if (!request) throw new ShapeError(`There is no request “${name}”.`);
  return request;
}
