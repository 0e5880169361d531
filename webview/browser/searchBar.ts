import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VscodeTextfield } from '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { Question } from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { element, icon, iconButton } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';

interface SearchBarOptions {
  /** At each key. */
  readonly search: (query: string) => void;
  readonly order: (order: Question['order']) => void;
  /** To the first result. */
  readonly leave: () => void;
}

const ORDERS: Readonly<Record<Question['order'], string>> = {
  created: l10n.t('Newest'),
  updated: l10n.t('Changed last'),
  accessed: l10n.t('Used last'),
};

/** Where a person says what they look for, in which order, and reads how much there is. */
export class SearchBar {
  readonly element: HTMLElement;
  readonly #field: VscodeTextfield;
  readonly #order: HTMLSelectElement;
  readonly #status: HTMLElement;

  constructor({ leave, order, search }: SearchBarOptions) {
    const clear = iconButton('close', l10n.t('Clear the search'), () => {
      this.#field.value = '';
      search('');
      this.#field.focus();
    });
    const lens = icon('search');
    lens.slot = 'content-before';
    clear.slot = 'content-after';
    this.#field = element(
      'vscode-textfield',
      {
        class: 'search',
        placeholder: l10n.t('Search by meaning and words'),
        maxlength: 4000,
      },
      lens,
      clear,
    ) as VscodeTextfield;
    this.#field.label = l10n.t('Search memories');
    this.#field.addEventListener('input', () => search(this.#field.value));
    this.#field.addEventListener('keydown', event => {
      if (event.key === 'ArrowDown' || event.key === 'Enter') leave();
      else if (event.key === 'Escape' && this.#field.value !== '') clear.click();
      else return;
      event.preventDefault();
    });
    this.#order = element(
      'select',
      { class: 'order', 'aria-label': l10n.t('Order'), title: l10n.t('Order') },
      ...Object.entries(ORDERS).map(([value, label]) => element('option', { value }, label)),
    );
    this.#order.addEventListener('change', () => order(this.#order.value as Question['order']));
    this.#status = element('div', { class: 'status', role: 'status' });
    this.element = element(
      'div',
      { class: 'search-bar' },
      this.#field,
      element('div', { class: 'search-foot' }, this.#status, this.#order),
    );
  }

  show({ order, query }: Question): void {
    if (this.#field.value !== query) this.#field.value = query;
    this.#order.value = order;
    // Found memories come best first.
    this.#order.hidden = query.trim() !== '';
  }

  report(text: string): void {
    this.#status.replaceChildren(text);
    this.#status.title = text;
  }

  focus(): void {
    // Its input is there once it was drawn.
    void this.#field.updateComplete.then(() => this.#field.focus());
  }
}
