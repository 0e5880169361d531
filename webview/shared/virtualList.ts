import { element } from './dom.ts';

export interface VirtualListOptions {
  /** For a screen reader. */
  readonly label: string;
  /** CSS pixels; every row has it. */
  readonly rowHeight: number;
  /** Fills an empty row; called again whenever what it shows may have changed. */
  readonly render: (row: HTMLElement, index: number) => void;
  /** These rows are in sight, `last` included: whoever pages loads them. */
  readonly onSight: (first: number, last: number) => void;
  /** A row that cannot be chosen. Default: none is. */
  readonly isHeading?: (index: number) => boolean;
  /** Chosen by a person. */
  readonly onSelect: (index: number) => void;
  /** Enter, or a double click. */
  readonly onOpen: (index: number) => void;
}

/** Rows beyond the edge, so that a scroll finds them there. */
const MARGIN_ROWS = 8;

/** A list box of any length, of which only the rows in sight are in the page. */
export class VirtualList {
  readonly element: HTMLElement;
  readonly #options: VirtualListOptions;
  readonly #space = element('div', { class: 'virtual-space', role: 'presentation' });
  readonly #rows = new Map<number, HTMLElement>();
  /** Told apart from those of other lists of the page. */
  readonly #prefix = `row-${crypto.randomUUID().slice(0, 8)}`;
  #count = 0;
  #selected = -1;
  #frame = 0;

  constructor(options: VirtualListOptions) {
    this.#options = options;
    this.element = element(
      'div',
      { class: 'virtual-list', role: 'listbox', tabindex: 0, 'aria-label': options.label },
      this.#space,
    );
    this.element.addEventListener('scroll', () => this.#soon(), { passive: true });
    this.element.addEventListener('keydown', event => this.#onKey(event));
    this.#space.addEventListener('click', event => this.#onPointer(event, index => this.select(index)));
    this.#space.addEventListener('dblclick', event => this.#onPointer(event, options.onOpen));
    new ResizeObserver(() => this.#soon()).observe(this.element);
  }

  get count(): number {
    return this.#count;
  }

  /** -1: none */
  get selected(): number {
    return this.#selected;
  }

  /** How far it is scrolled, in CSS pixels. */
  get scrollTop(): number {
    return this.element.scrollTop;
  }

  /** Shows other rows. @param selected of them; -1: none. @param scrollTop CSS pixels; default: where it is */
  show(count: number, selected: number, scrollTop = this.element.scrollTop): void {
    this.#count = count;
    this.#selected = selected;
    this.#space.style.height = `${count * this.#options.rowHeight}px`;
    this.element.scrollTop = scrollTop;
    this.refresh();
  }

  /** Fills the rows in sight anew. */
  refresh(): void {
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#draw();
  }

  /** As a person does: scrolls there and says so. @param index any; the nearest row is taken */
  select(index: number): void {
    const next = this.#choosable(Math.max(0, Math.min(this.#count - 1, index)));
    if (next === undefined) return;
    this.mark(next);
    this.#reveal(next);
    this.#options.onSelect(next);
  }

  /** Shows which row is the chosen one, and says nothing. @param index -1: none */
  mark(index: number): void {
    this.#selected = index;
    for (const [at, row] of this.#rows) if (row.classList.contains('virtual-row')) this.#markRow(row, at);
    this.#announce();
  }

  /** The row there, or the nearest behind a heading: before it when one comes from below. */
  #choosable(index: number): number | undefined {
    const isHeading = (at: number) => this.#options.isHeading?.(at) ?? false;
    const step = index < this.#selected ? -1 : 1;
    for (const way of [step, -step])
      for (let at = index; at >= 0 && at < this.#count; at += way) if (!isHeading(at)) return at;
    return undefined;
  }

  #soon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const { rowHeight, render, onSight } = this.#options;
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - MARGIN_ROWS);
    const last = Math.min(this.#count, Math.ceil((scrollTop + clientHeight) / rowHeight) + MARGIN_ROWS) - 1;
    for (const [index, row] of this.#rows) {
      if (index >= first && index <= last) continue;
      row.remove();
      this.#rows.delete(index);
    }
    for (let index = first; index <= last; index++) {
      if (this.#rows.has(index)) continue;
      const row = this.#newRow(index);
      render(row, index);
      this.#rows.set(index, row);
      this.#space.append(row);
    }
    this.#announce();
    if (last >= first) onSight(first, last);
  }

  #newRow(index: number): HTMLElement {
    const isHeading = this.#options.isHeading?.(index) ?? false;
    const row = isHeading
      ? element('div', { class: 'virtual-heading', role: 'presentation' })
      : element('div', {
          class: 'virtual-row',
          role: 'option',
          id: `${this.#prefix}-${index}`,
          'aria-setsize': this.#count,
          'aria-posinset': index + 1,
        });
    row.dataset['index'] = String(index);
    row.style.height = `${this.#options.rowHeight}px`;
    row.style.transform = `translateY(${index * this.#options.rowHeight}px)`;
    if (!isHeading) this.#markRow(row, index);
    return row;
  }

  #markRow(row: HTMLElement, index: number): void {
    row.setAttribute('aria-selected', String(index === this.#selected));
  }

  #announce(): void {
    if (this.#rows.has(this.#selected))
      this.element.setAttribute('aria-activedescendant', `${this.#prefix}-${this.#selected}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #reveal(index: number): void {
    const { rowHeight } = this.#options;
    const { scrollTop, clientHeight } = this.element;
    const top = index * rowHeight;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > scrollTop + clientHeight)
      this.element.scrollTop = top + rowHeight - clientHeight;
    this.#draw();
  }

  #onPointer(event: Event, then: (index: number) => void): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.virtual-row');
    if (row) then(Number(row.dataset['index']));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#options.rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.#selected + 1,
      ArrowUp: this.#selected - 1,
      PageDown: this.#selected + page,
      PageUp: this.#selected - page,
      Home: 0,
      End: this.#count - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) this.select(next);
    else if (event.key === 'Enter' && this.#selected >= 0) this.#options.onOpen(this.#selected);
    else return;
    event.preventDefault();
  }
}
