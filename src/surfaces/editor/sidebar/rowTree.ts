/** What a tree view has the editor hold for a row: the same for as long as the row is there. */
export interface Row<N> {
  /** What it shows now. */
  readonly node: N;
}

export interface RowTreeOptions<N, D> {
  /** What the editor draws; two with the same id are the same row. */
  readonly draw: (node: N) => D;
  /** Another one where what is told of a row later, as in its tooltip, is another. */
  readonly stampOf: (node: N) => unknown;
  readonly childrenOf: (node: N) => readonly N[];
}

/**
 * The rows of a tree view, of which as few as possible are drawn anew. From the moment that VS Code is told of a change until it has asked
 * for the rows beneath again, it knows none of these: a button that is clicked then gets `undefined` for its row
 * (`_addChildrenToClear` in its src/vs/workbench/api/common/extHostTreeViews.ts).
 */
export class RowTree<N, D extends { readonly id?: string }> {
  readonly #options: RowTreeOptions<N, D>;
  #rows = new Map<string, HeldRow<N>>();
  #roots: readonly HeldRow<N>[] = [];
  #givenRoots: string | undefined;

  constructor(options: RowTreeOptions<N, D>) {
    this.#options = options;
  }

  /** Takes what is to be shown. @returns the rows that are drawn anew with all beneath; undefined: all of them are */
  update(roots: readonly N[]): readonly Row<N>[] | undefined {
    const before = this.#rows;
    this.#rows = new Map();
    this.#roots = roots.map(root => this.#hold(root, before));
    if (this.#givenRoots !== idsOf(this.#roots)) return undefined;
    return this.#changed(this.#roots);
  }

  /** For the editor to draw. @param row undefined: the first rows */
  children(row?: Row<N>): Row<N>[] {
    const held = row as HeldRow<N> | undefined;
    const children = held?.children ?? this.#roots;
    if (held) held.given = idsOf(children);
    else this.#givenRoots = idsOf(children);
    return [...children];
  }

  /** For the editor to draw. */
  item(row: Row<N>): D {
    const item = this.#options.draw(row.node);
    (row as HeldRow<N>).drawn = this.#textOf(row.node, item);
    return item;
  }

  #hold(node: N, before: ReadonlyMap<string, HeldRow<N>>): HeldRow<N> {
    const id = this.#options.draw(node).id ?? '';
    const row = before.get(id) ?? new HeldRow(id, node);
    row.node = node;
    row.children = this.#options.childrenOf(node).map(child => this.#hold(child, before));
    this.#rows.set(id, row);
    return row;
  }

  #changed(rows: readonly HeldRow<N>[]): readonly HeldRow<N>[] {
    return rows.flatMap(row => {
      const otherChildren = row.given !== undefined && row.given !== idsOf(row.children);
      const otherItem = row.drawn !== undefined && row.drawn !== this.#textOf(row.node);
      return otherChildren || otherItem ? [row] : this.#changed(row.children);
    });
  }

  /** What a person sees of it: the command is the same for as long as the row is. */
  #textOf(node: N, item = this.#options.draw(node)): string {
    return JSON.stringify([{ ...item, command: undefined }, this.#options.stampOf(node)]);
  }
}

class HeldRow<N> implements Row<N> {
  readonly id: string;
  node: N;
  children: readonly HeldRow<N>[] = [];
  /** What the editor has of it: its text, and which children; undefined: it has not asked. */
  drawn: string | undefined;
  given: string | undefined;

  constructor(id: string, node: N) {
    this.id = id;
    this.node = node;
  }
}

function idsOf(rows: readonly HeldRow<unknown>[]): string {
  return JSON.stringify(rows.map(({ id }) => id));
}
