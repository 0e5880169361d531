import * as vscode from 'vscode';
import type { EngineStatus } from '../../../engine/engine.ts';
import { Burst } from '../burst.ts';
import type { EditorMemory } from '../editorMemory.ts';
import type { MemoriesView } from './memoriesView.ts';

const LOOKED_KEY = 'conflictsLookedAt';

/**
 * Says which memories were changed here and elsewhere at once, until a person has looked: a badge, and a group in the view. They come when
 * this machine returns to the central memory, or another one does: it is looked for them when something changed while it is in reach.
 */
export class ConflictWatch implements vscode.Disposable {
  readonly #memory: EditorMemory;
  readonly #view: MemoriesView;
  readonly #tree: Pick<vscode.TreeView<unknown>, 'badge'>;
  readonly #state: vscode.Memento;
  readonly #burst = new Burst(() => this.#look());
  readonly #listener: vscode.Disposable;
  /** Position up to which it was looked; undefined: not yet. */
  #head: number | undefined;
  /** In which it was looked. */
  #namespace: string | undefined;

  constructor(
    memory: EditorMemory,
    view: MemoriesView,
    tree: Pick<vscode.TreeView<unknown>, 'badge'>,
    state: vscode.Memento,
  ) {
    this.#memory = memory;
    this.#view = view;
    this.#tree = tree;
    this.#state = state;
    this.#listener = memory.onDidLearnStatus(status => this.#learn(status));
  }

  /** A person has looked at all of them. */
  async dismiss(): Promise<void> {
    await this.#state.update(LOOKED_KEY, this.#head);
    this.#show([]);
  }

  dispose(): void {
    this.#burst.dispose();
    this.#listener.dispose();
  }

  /** It is told after each change, too. */
  #learn({ store: { central } }: EngineStatus): void {
    if (central && central.problem === undefined && central.waiting === 0) this.#burst.soon();
  }

  async #look(): Promise<void> {
    try {
      const caller = await this.#memory.caller();
      if (caller.namespace !== this.#namespace) this.#head = undefined;
      this.#namespace = caller.namespace;
      const of = (after: number) => this.#memory.request('conflicts', { after, caller });
      // What is new costs little to know; where there is some, all of it is read anew.
      const news = this.#head === undefined ? undefined : await of(this.#head);
      const { head, memories } =
        news?.memories.length === 0 ? news : await of(this.#state.get(LOOKED_KEY, 0));
      this.#head = head;
      if (news?.memories.length !== 0) this.#show(memories);
    } catch (error) {
      this.#memory.log.info('It was not looked for conflicts', { reason: String(error) });
    }
  }

  #show(memories: Parameters<MemoriesView['setConflicts']>[0]): void {
    const { length } = memories;
    this.#tree.badge =
      length === 0
        ? undefined
        : {
            value: length,
            tooltip: vscode.l10n.t('Memories that were changed here and elsewhere: {0}', length),
          };
    this.#view.setConflicts(memories);
  }
}
