import * as vscode from 'vscode';
import type { EventOf, EventValue, Protocol } from './messages/protocol.ts';
import { webviewFolder, webviewHtml } from './webviewHtml.ts';
import { type Serve, WebviewPage } from './webviewPage.ts';

export interface WebviewKindOptions<P extends Protocol> {
  /** Of its bundle (`src/build/bundleWebviews.ts`), and, after `memoryCentral.`, of the view type. */
  readonly name: string;
  readonly title: string;
  readonly protocol: P;
  readonly serve: Serve<P>;
}

/**
 * One kind of page in the editor area, of which a window has at most one. It comes back after a reload of the window: what it showed
 * it keeps itself (`client.setState`).
 */
export class WebviewKind<P extends Protocol> implements vscode.Disposable {
  readonly #options: WebviewKindOptions<P>;
  readonly #extension: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #page: WebviewPage<P> | undefined;

  constructor(extension: vscode.Uri, log: vscode.LogOutputChannel, options: WebviewKindOptions<P>) {
    this.#extension = extension;
    this.#log = log;
    this.#options = options;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(this.#viewType, {
      deserializeWebviewPanel: async panel => this.#adopt(panel),
    });
  }

  /** Opens it, or brings it to the front. */
  show(): void {
    if (this.#panel) this.#panel.reveal();
    else {
      const column = vscode.ViewColumn.Active;
      this.#adopt(vscode.window.createWebviewPanel(this.#viewType, this.#options.title, column));
    }
  }

  /** Tells the page, where it is open. */
  send<N extends EventOf<P>>(name: N, value: EventValue<P, N>): void {
    this.#page?.send(name, value);
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#panel?.dispose();
  }

  get #viewType(): string {
    return `memoryCentral.${this.#options.name}`;
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { name, title, protocol, serve } = this.#options;
    // Of two that a window brings back the later one stays.
    this.#panel?.dispose();
    this.#panel = panel;
    const file = (path: string) => vscode.Uri.joinPath(webviewFolder(this.#extension), path);
    panel.iconPath = { light: file(`${name}-light.svg`), dark: file(`${name}-dark.svg`) };
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(this.#extension)] };
    const page = new WebviewPage(protocol, panel, this.#log, serve);
    this.#page = page;
    panel.onDidDispose(() => {
      page.dispose();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#page = undefined;
    });
    panel.webview.html = webviewHtml(panel.webview, this.#extension, name, title);
  }
}
