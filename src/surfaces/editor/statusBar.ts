import * as vscode from 'vscode';
import type { EngineClient } from './engineClient.ts';

/** While memories wait for their embedding, the count is looked at so often. */
const INDEXING_MS = 1000;

/** Ready, by words only (and why), or indexing n of m. Says nothing of an engine that has not been needed yet. */
export class StatusBar implements vscode.Disposable {
  readonly #client: EngineClient;
  readonly #item = vscode.window.createStatusBarItem('memoryCentral', vscode.StatusBarAlignment.Right, 90);
  readonly #listening: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #running = false;

  constructor(client: EngineClient) {
    this.#client = client;
    this.#item.name = 'Memory Central';
    this.#item.command = 'memoryCentral.showStatus';
    this.#show('$(database) Memory', 'Memory Central starts with its first use.');
    this.#listening = client.onChanged(() => void this.#update());
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listening.dispose();
    this.#item.dispose();
  }

  async #update(): Promise<void> {
    if (!this.#client.started || this.#running) return;
    this.#running = true;
    try {
      const { mode, problem, embedding } = await this.#client.status();
      const { pending, indexed } = embedding;
      if (mode === 'lexical')
        this.#show('$(database) Memory: words only', problem ?? 'No embedding model.', true);
      else if (pending > 0)
        this.#show(`$(sync~spin) Memory: ${indexed} of ${indexed + pending}`, 'Embedding new memories.');
      else this.#show('$(database) Memory', 'Memory Central is ready.');
      clearTimeout(this.#timer);
      if (pending > 0) this.#timer = setTimeout(() => void this.#update(), INDEXING_MS);
    } catch (error) {
      this.#show('$(warning) Memory', (error as Error).message, true);
    } finally {
      this.#running = false;
    }
  }

  #show(text: string, tooltip: string, warning = false): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.show();
  }
}
