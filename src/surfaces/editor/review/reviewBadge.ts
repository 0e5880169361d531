import * as vscode from 'vscode';
import type { ReviewGate } from '../../../engine/model/reviewGate.ts';
import { Burst } from '../burst.ts';
import type { EditorMemory } from '../editorMemory.ts';

type Labelled = Pick<vscode.TreeView<unknown>, 'badge' | 'description'>;

interface Counted {
  readonly total: number;
  readonly gate: ReviewGate;
}

/**
 * How many memories wait for review: counted once the engine runs, and when the store changes, also while the view is hidden. The title of
 * the view says it always; a badge calls for a person only where there is a gate, since without one all goes on as if it were reviewed.
 */
export class ReviewBadge implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #view: Labelled;
  readonly #burst = new Burst(() => this.#count());
  readonly #listeners: vscode.Disposable;

  constructor(memory: EditorMemory, view: Labelled) {
    this.#memory = memory;
    this.#view = view;
    const soon = () => this.#burst.soon();
    this.#listeners = vscode.Disposable.from(
      ...[memory.onDidChange, memory.onDidChangeState, memory.onDidChangeNamespace].map(event => event(soon)),
    );
  }

  dispose(): void {
    this.#burst.dispose();
    this.#listeners.dispose();
  }

  async #count(): Promise<void> {
    if (!this.#memory.started) return;
    try {
      this.#show((await this.#memory.call<Counted>('memories_to_review', { limit: 1 })).structured);
    } catch (error) {
      this.#memory.log.info('Memories that wait for review are not counted', { reason: String(error) });
      this.#show({ total: 0, gate: 'off' });
    }
  }

  #show({ gate, total }: Counted): void {
    const { t } = vscode.l10n;
    const tooltip = total === 1 ? t('1 memory to review') : t('{0} memories to review', total);
    this.#view.badge = total === 0 || gate === 'off' ? undefined : { value: total, tooltip };
    this.#view.description = total === 0 ? '' : t('{0} unreviewed', total);
  }
}
