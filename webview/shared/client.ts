import {
  type AnswerTo,
  type EventOf,
  type EventValue,
  type Failure,
  type Input,
  type Protocol,
  parseFromHost,
  type RequestOf,
  requestNamed,
  type ToHost,
} from '../../src/surfaces/editor/webviews/messages/protocol.ts';

/** A request that failed; `message` says what happened, `fix` what to do. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly code: string;
  readonly fix: string;

  constructor({ code, message, fix }: Failure) {
    super(message);
    this.code = code;
    this.fix = fix;
  }
}

interface Pending {
  readonly name: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The page's end: asks the extension host, hears of what happens, and keeps what a reload has to bring back. */
export class Client<P extends Protocol> {
  readonly #protocol: P;
  readonly #api = acquireVsCodeApi<unknown>();
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, (value: never) => void>();
  #lastId = 0;

  /** Call `ready` once all listeners are there. */
  constructor(protocol: P) {
    this.#protocol = protocol;
    addEventListener('message', event => this.#receive(event.data));
  }

  /**
   * Rejects with `RequestFailed`, and with an `AbortError` at once when nobody waits any more: the host is then told so.
   */
  request<N extends RequestOf<P>>(
    name: N,
    input: Input<P, N>,
    signal?: AbortSignal,
  ): Promise<AnswerTo<P, N>> {
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        if (!this.#pending.delete(id)) return;
        this.#post({ kind: 'cancel', id });
        reject(new DOMException('Nobody waits for it any more.', 'AbortError'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#pending.set(id, { name, resolve, reject });
      this.#post({ kind: 'request', id, name, input });
    }) as Promise<AnswerTo<P, N>>;
  }

  /** One listener an event. */
  on<N extends EventOf<P>>(name: N, listener: (value: EventValue<P, N>) => void): void {
    this.#listeners.set(name, listener);
  }

  /** From now on events arrive, those of before first. */
  ready(): void {
    this.#post({ kind: 'ready' });
  }

  /** What this page kept before it was loaded anew; undefined at first. It is ours, but maybe an older version's. */
  getState(): unknown {
    return this.#api.getState();
  }

  setState(state: unknown): void {
    this.#api.setState(state);
  }

  #receive(raw: unknown): void {
    const message = parseFromHost(raw);
    if (message.kind === 'event') {
      const shape = this.#protocol.events[message.name];
      if (shape) this.#listeners.get(message.name)?.(shape.parse(message.value) as never);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    if (message.kind === 'failure') pending.reject(new RequestFailed(message.failure));
    else {
      try {
        pending.resolve(requestNamed(this.#protocol, pending.name).answer.parse(message.value));
      } catch (error) {
        pending.reject(error as Error);
      }
    }
  }

  #post(message: ToHost): void {
    this.#api.postMessage(message);
  }
}
