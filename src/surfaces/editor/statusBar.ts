import * as vscode from 'vscode';
import type { EngineStatus } from '../../engine/engine.ts';
import type { EditorMemory } from './editorMemory.ts';

/** While embeddings are being computed the figure follows them. */
const POLL_MS = 1000;
/** While the central memory is out of reach it is looked whether it is back. */
const OFFLINE_POLL_MS = 5000;

/** Ready, by words only (and why), indexing n of m, or broken; says nothing of an engine that was not started. */
export class StatusBar implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #item: vscode.StatusBarItem;
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  /** Most memories that waited at once since the last time none did: the m of "n of m". */
  #most = 0;
  #asked = 0;

  constructor(memory: EditorMemory) {
    this.#memory = memory;
    this.#item = vscode.window.createStatusBarItem(
      'memoryCentral.status',
      vscode.StatusBarAlignment.Right,
      100,
    );
    this.#item.name = 'Memory Central';
    this.#item.command = 'memoryCentral.showStatus';
    this.#listeners = vscode.Disposable.from(
      memory.onDidChange(() => this.#soon(0)),
      memory.onDidChangeState(() => this.#soon(0)),
    );
    this.#show('$(database) Memory', 'Memory Central: starts at its first use');
    this.#item.show();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners.dispose();
    this.#item.dispose();
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), ms);
  }

  async #update(): Promise<void> {
    if (this.#memory.crash !== undefined) {
      this.#show(
        '$(error) Memory',
        `The engine died: ${this.#memory.crash}. The next use starts another.`,
        'error',
      );
      return;
    }
    if (!this.#memory.started)
      return this.#show('$(database) Memory', 'Memory Central: starts at its next use');
    const mine = ++this.#asked;
    try {
      const status = await this.#memory.status();
      if (mine === this.#asked) this.#showStatus(status);
    } catch (error) {
      this.#show('$(error) Memory', (error as Error).message, 'error');
    }
  }

  #showStatus({ problem, store: { central }, embedding: { model, pending } }: EngineStatus): void {
    this.#most = pending === 0 ? 0 : Math.max(this.#most, pending);
    if (central?.problem !== undefined) {
      const waiting = central.waiting > 0 ? `, ${central.waiting} waiting` : '';
      this.#show(
        `$(cloud-offline) Memory: offline${waiting}`,
        `The central memory is out of reach: ${central.problem} Reading and writing go on here.`,
        'warning',
      );
      // Nothing changes here when it is back.
      this.#soon(OFFLINE_POLL_MS);
    } else if (model === null) {
      this.#show('$(database) Memory: words only', 'Recall is by words only, as the settings say.');
    } else if (problem !== undefined) {
      this.#show('$(warning) Memory: words only', `Recall is by words only: ${problem}`, 'warning');
    } else if (pending > 0) {
      const done = this.#most - pending;
      this.#show(
        `$(sync~spin) Memory: indexing ${done} of ${this.#most}`,
        `${pending} memories wait for their embedding; they are found by words until then.`,
      );
    } else {
      this.#show('$(database) Memory', 'Memory Central is ready: recall is by meaning and words.');
    }
    if (pending > 0) this.#soon(POLL_MS);
  }

  #show(text: string, tooltip: string, severity?: 'warning' | 'error'): void {
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `${text.replace(/\$\(.*?\)\s*/, '')}. ${tooltip}` };
    this.#item.backgroundColor = severity && new vscode.ThemeColor(`statusBarItem.${severity}Background`);
  }
}
