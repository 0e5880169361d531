import * as vscode from 'vscode';
import type { LiveData } from './liveData.ts';
import { type Row, RowTree, type RowTreeOptions } from './rowTree.ts';

export interface LiveViewOptions<T, N> extends RowTreeOptions<N, vscode.TreeItem> {
  /** The first rows. */
  readonly rootsOf: (data: T) => readonly N[];
  readonly tooltipOf: (node: N) => vscode.MarkdownString | undefined;
}

/** A tree view that follows what is read anew when it changes. */
export class LiveView<T, N> implements vscode.TreeDataProvider<Row<N>>, vscode.Disposable {
  readonly #data: LiveData<T>;
  readonly #options: LiveViewOptions<T, N>;
  readonly #rows: RowTree<N, vscode.TreeItem>;
  readonly #changed = new vscode.EventEmitter<Row<N>[] | undefined>();
  readonly #listener: vscode.Disposable;
  #begun = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(data: LiveData<T>, options: LiveViewOptions<T, N>) {
    this.#data = data;
    this.#options = options;
    this.#rows = new RowTree(options);
    this.#listener = data.onDidChange(() => void this.redraw());
  }

  /** Draws what has changed. */
  async redraw(): Promise<void> {
    const changed = await this.#update();
    if (changed?.length !== 0) this.#changed.fire(changed && [...changed]);
  }

  getTreeItem(row: Row<N>): vscode.TreeItem {
    return this.#rows.item(row);
  }

  resolveTreeItem(item: vscode.TreeItem, { node }: Row<N>): vscode.TreeItem {
    item.tooltip ??= this.#options.tooltipOf(node);
    return item;
  }

  async getChildren(row?: Row<N>): Promise<Row<N>[]> {
    // Later it is told of each change, and what it has it gives at once.
    if (!this.#begun) await this.#update();
    return this.#rows.children(row);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  async #update(): Promise<readonly Row<N>[] | undefined> {
    const data = await this.#data.current();
    this.#begun = true;
    return this.#rows.update(data === undefined ? [] : this.#options.rootsOf(data));
  }
}
