import * as vscode from 'vscode';
import { errorMessage } from '../engine/engineMessages.ts';
import {
  type AnswerTo,
  type EventOf,
  type EventValue,
  type FromHost,
  type Input,
  type Protocol,
  parseToHost,
  type RequestOf,
  requestNamed,
} from './messages/protocol.ts';
import { ShapeError } from './messages/shape.ts';

/** What answers the requests of a page. A handler that throws a `MemoryError` is a failure the page shows; anything else is a bug. */
export type Handlers<P extends Protocol> = {
  readonly [N in RequestOf<P>]: (input: Input<P, N>, signal: AbortSignal) => Promise<AnswerTo<P, N>>;
};

/** Asked for each page anew: whoever follows something for it ends that when the page's signal fires. */
export type Serve<P extends Protocol> = (page: WebviewPage<P>) => Handlers<P>;

/** The extension host's end of one page: answers its requests, in the order in which they are done, and tells it what happens. */
export class WebviewPage<P extends Protocol> implements vscode.Disposable {
  readonly #protocol: P;
  readonly #panel: vscode.WebviewPanel;
  readonly #log: vscode.LogOutputChannel;
  readonly #handlers: Handlers<P>;
  readonly #listeners: vscode.Disposable;
  readonly #loaded = new vscode.EventEmitter<void>();
  readonly #running = new Map<number, AbortController>();
  readonly #closed = new AbortController();
  /** Events of before the page listened. */
  #early: FromHost[] | undefined = [];

  /** It listens. A page that is not visible has no life: what it is sent then is lost, and it begins anew when it is shown. */
  readonly onDidLoad = this.#loaded.event;

  constructor(protocol: P, panel: vscode.WebviewPanel, log: vscode.LogOutputChannel, serve: Serve<P>) {
    this.#protocol = protocol;
    this.#panel = panel;
    this.#log = log;
    this.#handlers = serve(this);
    let { visible } = panel;
    this.#listeners = vscode.Disposable.from(
      this.#loaded,
      panel.webview.onDidReceiveMessage(message => void this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (panel.visible === visible) return;
        visible = panel.visible;
        if (!visible) this.#cancelAll();
      }),
    );
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  /** Fires when the page is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Tells the page; one that is being loaded hears of it once it listens. */
  send<N extends EventOf<P>>(name: N, value: EventValue<P, N>): void {
    const message: FromHost = { kind: 'event', name, value: this.#protocol.events[name]!.parse(value) };
    if (this.#early) this.#early.push(message);
    else this.#post(message);
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#cancelAll();
    this.#closed.abort();
  }

  async #receive(raw: unknown): Promise<void> {
    try {
      const message = parseToHost(raw);
      if (message.kind === 'ready') this.#ready();
      else if (message.kind === 'cancel') this.#running.get(message.id)?.abort();
      else await this.#answer(message.id, message.name, message.input);
    } catch (error) {
      this.#log.warn(`A message of a page was left alone: ${error}`);
    }
  }

  /** Also after the page was loaded anew, when nobody waits for what its last life asked. */
  #ready(): void {
    this.#cancelAll();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.#post(message);
    this.#loaded.fire();
  }

  async #answer(id: number, name: string, input: unknown): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const request = requestNamed(this.#protocol, name);
      const handler = this.#handlers[name as RequestOf<P>];
      const value = await handler(request.input.parse(input) as never, controller.signal);
      if (!controller.signal.aborted) this.#post({ kind: 'answer', id, value: request.answer.parse(value) });
    } catch (error) {
      if (controller.signal.aborted) return;
      const { code = 'bug', message, fix } = errorMessage(error);
      if (code === 'bug' || error instanceof ShapeError) this.#log.error(error as Error);
      this.#post({ kind: 'failure', id, failure: { code, message, fix } });
    } finally {
      if (this.#running.get(id) === controller) this.#running.delete(id);
    }
  }

  #cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  #post(message: FromHost): void {
    if (!this.#closed.signal.aborted) void this.#panel.webview.postMessage(message);
  }
}
