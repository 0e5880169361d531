import type { Question, Row } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { element } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';
import { VirtualList } from '../shared/virtualList.ts';
import type { BrowserContext, BrowserView } from './browserView.ts';
import { fillRow } from './memoryRow.ts';
import { PagedRows } from './pagedRows.ts';
import { dayStretches, sortedIntoDays } from './rowsByDay.ts';
import type { TimelineLayout } from './timelineLayout.ts';

const ROW_HEIGHT = 46;
const DRAWN = 'memories drawn';

/** What one question shows: its rows, and headings between them in the timeline. */
interface Shown {
  readonly rows: PagedRows;
  readonly layout: TimelineLayout | undefined;
  /** Rows of a search are in another order there: all that were found, newest first. */
  readonly sorted: readonly Row[] | undefined;
}

/** The list of memories: in the order asked or best first; as a timeline by day. */
export class ListView implements BrowserView {
  readonly name: 'list' | 'timeline';
  readonly element: HTMLElement;
  readonly #context: BrowserContext;
  readonly #list: VirtualList;
  readonly #empty: HTMLElement;
  #shown: Shown | undefined;
  #coming: PagedRows | undefined;
  #asked: Question | undefined;
  #startAt: number;
  /** A row that was chosen while it was on its way. */
  #awaited = -1;

  /** @param scrollTop where the first answer is scrolled to, CSS pixels */
  constructor(name: ListView['name'], context: BrowserContext, scrollTop: number) {
    this.name = name;
    this.#context = context;
    this.#startAt = scrollTop;
    this.#list = new VirtualList({
      label: l10n.t('Memories'),
      rowHeight: ROW_HEIGHT,
      render: (row, index) => this.#render(row, index),
      isHeading: index => this.#headingAt(index) !== undefined,
      onSight: (first, last) => void this.#need(first, last),
      onSelect: index => this.#select(index),
      onOpen: index => this.#open(index),
    });
    this.#empty = element('div', { class: 'empty', hidden: true });
    this.element = element('div', { class: 'list-view' }, this.#list.element, this.#empty);
    this.#list.element.addEventListener('keydown', event => {
      const id = event.key === 'Delete' ? this.#rowAt(this.#list.selected)?.id : undefined;
      if (id !== undefined)
        this.element.dispatchEvent(new CustomEvent('remove', { detail: id, bubbles: true }));
    });
  }

  get scrollTop(): number {
    return this.#list.scrollTop;
  }

  async show(asked: Question, selected: string | null): Promise<void> {
    this.#coming?.stop();
    const question: Question = this.name === 'timeline' ? { ...asked, order: 'created' } : asked;
    const { client } = this.#context;
    const rows = new PagedRows((offset, limit, signal) =>
      client.request('page', { question, offset, limit }, signal),
    );
    this.#coming = rows;
    const same = JSON.stringify(question) === JSON.stringify(this.#asked);
    const scrollTop = this.#shown ? (same ? this.#list.scrollTop : 0) : this.#startAt;
    const isSearch = question.query.trim() !== '';
    const before = this.#list.selected;
    try {
      const first = Math.floor(scrollTop / ROW_HEIGHT);
      const [days] = await Promise.all([
        this.name === 'timeline' && !isSearch ? client.request('days', { question }) : undefined,
        rows.begin(first),
      ]);
      if (this.#coming !== rows) return;
      const sorted = this.name === 'timeline' && isSearch ? sortedIntoDays(rows) : undefined;
      const layout = sorted?.layout ?? (days && dayStretches(days));
      // What a person has chosen while the answer was on its way stays chosen and in sight, be its row here or not.
      const stays = same && this.#shown !== undefined;
      const awaited = stays ? this.#whatIsAwaited() : undefined;
      const moved = stays && this.#list.selected !== before;
      const chosen = (moved && this.#rowAt(this.#list.selected)?.id) || selected;
      this.#shown?.rows.stop();
      this.#shown = { rows, layout, sorted: sorted?.rows };
      this.#asked = question;
      const scrolled = stays ? this.#list.scrollTop : scrollTop;
      this.#list.show(this.#count(), this.#placeOf(chosen), scrolled);
      if (awaited !== undefined) this.#list.select(awaited);
      else this.#awaited = -1;
      this.#report();
      // How long the first took is measured (bench/editor/browserBench.ts); each mark would be kept as long as the page is.
      requestAnimationFrame(() => {
        if (performance.getEntriesByName(DRAWN).length === 0) performance.mark(DRAWN);
      });
    } catch (error) {
      if (this.#coming === rows) this.#context.fail(error);
    }
  }

  hide(): void {
    this.#coming?.stop();
    this.#startAt = this.#list.scrollTop;
    this.#shown?.rows.stop();
    this.#shown = undefined;
  }

  /** How this memory was found, where it is in sight or was. */
  found(id: string): Pick<Row, 'score' | 'parts'> | undefined {
    const { rows, sorted } = this.#shown ?? {};
    return sorted?.find(row => row.id === id) ?? rows?.row(rows.indexOf(id));
  }

  /** The memory below this one, else the one above it, where it is here. */
  beside(id: string): string | undefined {
    const at = this.#placeOf(id);
    if (at < 0) return undefined;
    // A heading of the timeline may lie between.
    return [at + 1, at + 2, at - 1, at - 2].map(place => this.#rowAt(place)?.id).find(Boolean);
  }

  focus(id?: string): void {
    this.#list.element.focus();
    if (id !== undefined) this.#list.mark(this.#placeOf(id));
    else if (this.#list.selected < 0) this.#list.select(0);
  }

  #count(): number {
    const { layout, rows, sorted } = this.#shown!;
    return layout?.length ?? sorted?.length ?? rows.total;
  }

  #headingAt(index: number) {
    const place = this.#shown?.layout?.at(index);
    return place && 'heading' in place ? place.heading : undefined;
  }

  #rowAt(index: number): Row | undefined {
    if (!this.#shown || index < 0) return undefined;
    const { layout, rows, sorted } = this.#shown;
    const place = layout?.at(index);
    if (place && 'heading' in place) return undefined;
    const at = place?.row ?? index;
    return sorted ? sorted[at] : rows.row(at);
  }

  #placeOf(id: string | null): number {
    if (id === null || !this.#shown) return -1;
    const { layout, rows, sorted } = this.#shown;
    const at = sorted ? sorted.findIndex(row => row.id === id) : rows.indexOf(id);
    return at < 0 || !layout ? at : layout.indexOf(at);
  }

  #render(row: HTMLElement, index: number): void {
    const heading = this.#headingAt(index);
    if (heading)
      row.append(
        element('span', { class: 'day' }, heading.heading),
        element('span', { class: 'day-count' }, String(heading.count)),
      );
    else fillRow(row, this.#rowAt(index));
  }

  async #need(first: number, last: number): Promise<void> {
    const shown = this.#shown;
    if (!shown || shown.sorted) return;
    const { layout, rows } = shown;
    const from = layout?.rowFrom(first) ?? first;
    const to = layout?.rowFrom(last) ?? last;
    try {
      if ((await rows.need(from, to)) && this.#shown === shown) {
        const awaited = this.#whatIsAwaited();
        this.#list.show(this.#count(), this.#list.selected);
        this.#report();
        if (awaited !== undefined) this.#list.select(awaited);
      }
    } catch (error) {
      if (this.#shown === shown) this.#context.fail(error);
    }
  }

  /** The row that was chosen while it was on its way; the last is the last, also of more. undefined: none */
  #whatIsAwaited(): number | undefined {
    if (this.#awaited < 0 || this.#awaited !== this.#list.selected) return undefined;
    return this.#awaited === this.#list.count - 1 ? Number.POSITIVE_INFINITY : this.#awaited;
  }

  #select(index: number): void {
    const row = this.#rowAt(index);
    this.#awaited = row ? -1 : index;
    if (row) this.#context.select(row.id);
  }

  #open(index: number): void {
    const row = this.#rowAt(index);
    if (row) this.#context.client.request('open', { id: row.id, as: 'document' }).catch(this.#context.fail);
  }

  #report(): void {
    const { more, mode, problem, total } = this.#shown!.rows;
    this.#empty.hidden = total > 0;
    this.#empty.textContent = emptyText(mode, Object.keys(this.#asked?.filters ?? {}).length > 0);
    const count = total.toLocaleString(document.documentElement.lang || 'en');
    if (mode === 'list')
      this.#context.report(total === 1 ? l10n.t('1 memory') : l10n.t('{0} memories', count));
    else {
      const found = more ? l10n.t('the best {0}', count) : l10n.t('{0} found', count);
      this.#context.report(problem === undefined ? found : l10n.t('{0}, by words only: {1}', found, problem));
    }
  }
}

function emptyText(mode: PagedRows['mode'], filtered: boolean): string {
  if (mode !== 'list') return l10n.t('Nothing near. Try other words, or remove a filter.');
  return filtered
    ? l10n.t('No memory matches. Remove a filter.')
    : l10n.t('Nothing is remembered here yet. What agents and you store appears here.');
}
