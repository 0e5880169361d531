import * as vscode from 'vscode';
import { Burst } from '../burst.ts';
import type { EditorMemory } from '../editorMemory.ts';

/**
 * How many tasks need a person: those that ask something, and those that failed for good. Counted when the engine starts and when
 * something happens that may change it, also while the view is hidden: that is what a badge is for.
 */
export class TaskBadge implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #view: Pick<vscode.TreeView<unknown>, 'badge'>;
  readonly #burst = new Burst(() => this.#count());
  readonly #listeners: vscode.Disposable;
  #namespace: string | undefined;
  #shown = 0;

  constructor(memory: EditorMemory, view: Pick<vscode.TreeView<unknown>, 'badge'>) {
    this.#memory = memory;
    this.#view = view;
    this.#listeners = vscode.Disposable.from(
      memory.onDidWork(({ change, namespace, type }) => {
        if (type !== 'task' || (this.#namespace !== undefined && namespace !== this.#namespace)) return;
        if (this.#shown > 0 || change === 'dead' || change === 'input_required') this.#burst.soon();
      }),
      memory.onDidChangeState(() => this.#burst.soon()),
      memory.onDidChangeNamespace(() => this.#burst.soon()),
    );
  }

  dispose(): void {
    this.#burst.dispose();
    this.#listeners.dispose();
  }

  async #count(): Promise<void> {
    if (!this.#memory.started) return;
    try {
      const caller = await this.#memory.caller();
      const { tasks } = await this.#memory.request('team', { caller });
      this.#namespace = caller.namespace;
      this.#show(tasks.input_required, tasks.dead);
    } catch (error) {
      this.#memory.log.info('Tasks that need a person are not counted', { reason: String(error) });
      this.#show(0, 0);
    }
  }

  #show(questions: number, dead: number): void {
    const { t } = vscode.l10n;
    this.#shown = questions + dead;
    const parts = [
      ...(questions > 0 ? [t('{0} waiting for an answer', questions)] : []),
      ...(dead > 0 ? [t('{0} failed for good', dead)] : []),
    ];
    this.#view.badge =
      this.#shown === 0 ? undefined : { value: this.#shown, tooltip: t('Tasks: {0}', parts.join(', ')) };
  }
}
