import type { FilterName, Question } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { RequestFailed } from '../shared/client.ts';
import { element } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';
import { type BrowserState, restoredState, type ViewName } from './browserState.ts';
import type { BrowserClient, BrowserContext, BrowserView } from './browserView.ts';
import { DetailPane } from './detail/detailPane.ts';
import { FilterChips } from './filterChips.ts';
import { ListView } from './listView.ts';
import { MapView } from './map/mapView.ts';
import { SearchBar } from './searchBar.ts';
import { Tabs } from './tabs.ts';
import { Toast } from './toast.ts';

const PANEL = 'view';
/** What is out of reach, such as a locked store, is tried again so often. Milliseconds. */
const RETRY_MS = 5_000;
/** Who scrolls tells of each frame, and what is kept may be thousands of ids. Milliseconds. */
const KEEP_MS = 100;

/** The memory browser: what is asked for stands above, one view of it on the left, one memory on the right. */
export class Browser {
  readonly element: HTMLElement;
  readonly #client: BrowserClient;
  readonly #toast = new Toast();
  readonly #search: SearchBar;
  readonly #chips: FilterChips;
  readonly #tabs: Tabs;
  readonly #detail: DetailPane;
  readonly #map: MapView;
  readonly #views: readonly BrowserView[];
  readonly #panel: HTMLElement;
  #state: BrowserState;
  /** How often something could not be read, and whether that is so now. */
  #failures = 0;
  #failing = false;
  #again = 0;
  #keeping = 0;

  constructor(client: BrowserClient) {
    this.#client = client;
    this.#state = restoredState(client.getState());
    this.#search = new SearchBar({
      search: query => this.#ask({ ...this.#state.question, query }),
      order: order => this.#ask({ ...this.#state.question, order }),
      leave: () => this.#view.focus(),
    });
    this.#chips = new FilterChips({
      choose: filter => void this.#chooseFilter(filter),
      change: filters => this.#ask({ ...this.#state.question, filters }),
    });
    const context: BrowserContext = {
      client,
      select: id => this.#select(id),
      ask: question => this.#ask(question),
      report: text => this.#search.report(text),
      fail: error => this.#fail(error),
      keep: () => this.#keepSoon(),
    };
    this.#map = new MapView(context, this.#state.map);
    this.#views = [
      new ListView('list', context, this.#state.scrollTop),
      new ListView('timeline', context, this.#state.scrollTop),
      this.#map,
    ];
    this.#tabs = new Tabs(
      this.#views.map(({ name }) => name),
      PANEL,
      name => this.#bringToFront(name),
    );
    this.#panel = element('div', { class: 'view', id: PANEL, role: 'tabpanel' });
    this.#detail = new DetailPane({
      client,
      toast: this.#toast,
      filter: filters => this.#ask({ ...this.#state.question, query: '', filters }),
      select: id => this.#select(id),
      remove: id => void this.#remove(id),
      merge: (keep, drop) => void this.#merge(keep, drop),
      close: () => this.#close(),
    });
    this.element = element(
      'div',
      { class: 'browser' },
      element('h1', { class: 'visually-hidden' }, l10n.t('Memories')),
      element('div', { class: 'head' }, this.#search.element, this.#chips.element, this.#tabs.element),
      element('div', { class: 'body' }, this.#panel, this.#detail.element),
      this.#toast.element,
    );
  }

  /** Shows what was shown last, and follows what happens. */
  start(): void {
    const client = this.#client;
    client.on('changed', () => void this.#refresh());
    client.on('ask', question => this.#ask(question));
    client.on('writable', writable => {
      this.#detail.writable = writable;
    });
    client.ready();
    addEventListener('keydown', event => this.#onKey(event));
    this.element.addEventListener(
      'remove',
      event => void this.#remove((event as CustomEvent<string>).detail),
    );
    // The page is thrown away when another editor hides it.
    addEventListener('scroll', () => this.#keepSoon(), { capture: true, passive: true });
    this.#search.show(this.#state.question);
    this.#chips.show(this.#state.question.filters);
    this.element.classList.toggle('reading', this.#state.selected !== null);
    this.#bringToFront(this.#view.name);
    this.#search.focus();
  }

  get #view(): BrowserView {
    return this.#views.find(({ name }) => name === this.#state.view) ?? this.#views[0]!;
  }

  #bringToFront(name: ViewName): void {
    for (const view of this.#views) if (view.name !== name) view.hide();
    this.#change({ view: name });
    this.#tabs.show(name);
    this.#panel.setAttribute('aria-labelledby', `tab-${name}`);
    this.#panel.replaceChildren(this.#view.element);
    void this.#refresh();
  }

  #ask(question: Question): void {
    this.element.classList.remove('reading');
    this.#change({ question });
    this.#search.show(question);
    this.#chips.show(question.filters);
    this.#toast.clear();
    void this.#view.show(question, this.#state.selected);
  }

  async #refresh(): Promise<void> {
    const { question, selected } = this.#state;
    const view = this.#view;
    const before = this.#failures;
    void this.#detail.show(selected);
    await view.show(question, selected);
    if (this.#failing && this.#failures === before) {
      this.#failing = false;
      this.#toast.clearFailure();
    }
    // After a reload it is only known now why it was found.
    const found = selected !== null && view instanceof ListView ? view.found(selected) : undefined;
    if (found?.score !== undefined && selected === this.#state.selected)
      void this.#detail.show(selected, found);
  }

  #fail(error: unknown): void {
    this.#toast.fail(error);
    this.#failures++;
    this.#failing = true;
    if (!(error instanceof RequestFailed) || error.code !== 'unavailable') return;
    clearTimeout(this.#again);
    this.#again = window.setTimeout(() => void this.#refresh(), RETRY_MS);
  }

  #select(id: string): void {
    this.element.classList.add('reading');
    this.#change({ selected: id });
    const list = this.#view;
    void this.#detail.show(id, list instanceof ListView ? (list.found(id) ?? {}) : {});
  }

  #close(): void {
    this.element.classList.remove('reading');
    this.#change({ selected: null });
    void this.#detail.show(null);
    this.#view.focus();
  }

  async #chooseFilter(filter: FilterName): Promise<void> {
    try {
      const { question } = this.#state;
      const filters = await this.#client.request('chooseFilter', { filter, filters: question.filters });
      if (filters) this.#ask({ ...this.#state.question, filters });
    } catch (error) {
      this.#toast.fail(error);
    }
  }

  async #remove(id: string): Promise<void> {
    if (!this.#detail.writable) return;
    const view = this.#view;
    const next = view instanceof ListView ? view.beside(id) : undefined;
    const removed = await this.#undoably(l10n.t('Deleted.'), this.#client.request('remove', { id }));
    if (!removed || this.#state.selected !== id) return;
    if (next === undefined || view !== this.#view) this.#close();
    else this.#goOnWith(next);
  }

  /** Whoever deletes one after the other stays where he is. */
  #goOnWith(id: string): void {
    this.element.classList.remove('reading');
    this.#change({ selected: id });
    this.#refresh();
    this.#view.focus(id);
  }

  async #merge(keep: string, drop: string): Promise<void> {
    await this.#undoably(
      l10n.t('Merged: one is left, with the tags of both.'),
      this.#client.request('merge', { keep, drop }),
    );
  }

  /** @returns whether it was done */
  async #undoably(text: string, done: Promise<{ readonly operations: readonly string[] }>): Promise<boolean> {
    try {
      const { operations } = await done;
      this.#toast.tell(text, () => {
        this.#client.request('undo', { operations }).catch(error => this.#toast.fail(error));
      });
      return true;
    } catch (error) {
      this.#toast.fail(error);
      return false;
    }
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.#search.focus();
  }

  #change(changed: Partial<BrowserState>): void {
    this.#state = { ...this.#state, ...changed };
    this.#keep();
  }

  #keepSoon(): void {
    this.#keeping ||= window.setTimeout(() => this.#keep(), KEEP_MS);
  }

  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = 0;
    const view = this.#view;
    const scrollTop = view instanceof ListView ? view.scrollTop : this.#state.scrollTop;
    this.#client.setState({ ...this.#state, scrollTop, map: this.#map.state });
  }
}
