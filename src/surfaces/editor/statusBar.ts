import * as vscode from 'vscode';
import type { EngineStatus } from '../../engine/engine.ts';
import type { EditorMemory } from './editorMemory.ts';
import { teamText } from './work/teamText.ts';

const { t } = vscode.l10n;

/** While embeddings are being computed the figure follows them. */
const POLL_MS = 1000;
/** While the central memory, or the store, is out of reach it is looked whether it is back. */
const OFFLINE_POLL_MS = 5000;
/** What agents do shows in the tooltip only. */
const WORK_MS = 1000;

/** Ready, by words only (and why), indexing n of m, or broken; says nothing of an engine that was not started. */
export class StatusBar implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #item: vscode.StatusBarItem;
  readonly #listeners: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #waiting = false;
  /** Most memories that waited at once since the last time none did: the m of "n of m". */
  #most = 0;
  #asked = 0;
  #disposed = false;

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
      memory.onDidWork(() => {
        if (!this.#waiting) this.#soon(WORK_MS);
      }),
    );
    this.#show(shown('database', t('Memory')), t('Memory Central: starts at its first use'));
    this.#item.show();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#listeners.dispose();
    this.#item.dispose();
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer);
    this.#waiting = true;
    this.#timer = setTimeout(() => {
      this.#waiting = false;
      void this.#update();
    }, ms);
  }

  async #update(): Promise<void> {
    if (this.#memory.crash !== undefined) {
      this.#show(
        shown('error', t('Memory')),
        t('The engine died: {0}. The next use starts another.', this.#memory.crash),
        'error',
      );
      return;
    }
    if (!this.#memory.started)
      return this.#show(shown('database', t('Memory')), t('Memory Central: starts at its next use'));
    const mine = ++this.#asked;
    try {
      const status = await this.#memory.status();
      const team = await this.#team();
      if (mine === this.#asked) this.#showStatus(status, team);
    } catch (error) {
      const { fix = '', message } = error as Error & { readonly fix?: string };
      this.#show(shown('error', t('Memory')), `${message} ${fix}`.trim(), 'error');
      // Nobody tells when a lock ends or a disk has room again.
      if (!this.#disposed) this.#soon(OFFLINE_POLL_MS);
    }
  }

  /** Empty where it cannot be told. */
  async #team(): Promise<string> {
    try {
      return teamText(await this.#memory.request('team', { caller: await this.#memory.caller() }), t);
    } catch {
      return '';
    }
  }

  /** @param team what is said of other agents */
  #showStatus(
    { problem, store: { central }, embedding: { model, pending } }: EngineStatus,
    team: string,
  ): void {
    this.#most = pending === 0 ? 0 : Math.max(this.#most, pending);
    if (central?.problem !== undefined) {
      const { waiting } = central;
      this.#show(
        shown(
          'cloud-offline',
          waiting > 0 ? t('Memory: offline, {0} waiting', waiting) : t('Memory: offline'),
        ),
        [
          t('The central memory is out of reach: {0}', central.problem),
          central.refused
            ? t('Set it with "Memory Central: Set the Password of Redis".')
            : (central.fix ?? ''),
          t('Reading and writing go on here.'),
        ].join(' '),
        'warning',
      );
      // Nothing changes here when it is back.
      this.#soon(OFFLINE_POLL_MS);
    } else if (model === null) {
      const text = t('Recall is by words only, as the settings say.');
      this.#show(shown('database', t('Memory: words only')), `${text}${team}`);
    } else if (problem !== undefined) {
      const text = t('Recall is by words only: {0}', problem);
      this.#show(shown('warning', t('Memory: words only')), text, 'warning');
    } else if (pending > 0) {
      const done = this.#most - pending;
      this.#show(
        shown('sync~spin', t('Memory: indexing {0} of {1}', done, this.#most)),
        t('{0} memories wait for their embedding; they are found by words until then.', pending),
      );
    } else {
      const text = t('Memory Central is ready: recall is by meaning and words.');
      this.#show(shown('database', t('Memory')), `${text}${team}`);
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

function shown(icon: string, text: string): string {
  return `$(${icon}) ${text}`;
}
