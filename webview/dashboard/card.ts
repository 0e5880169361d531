import type { DashboardPlace } from '../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { element, icon } from '../shared/dom.ts';

export interface CardOptions {
  readonly id: string;
  /** A codicon's name. */
  readonly icon: string;
  readonly title: string;
  /** Where its figure leads, and how that is called. */
  readonly leadsTo?: { readonly place: DashboardPlace; readonly label: string };
  readonly chart?: HTMLElement;
}

/** What a card shows besides its chart. */
export interface CardText {
  readonly figure: string;
  /** What the figure is of. */
  readonly caption: string;
  readonly details?: readonly (readonly [name: string, value: string])[];
  /** What a person should do something about. */
  readonly warning?: string | undefined;
  /** There is nothing to draw. */
  readonly empty?: boolean;
}

/** One subject of the dashboard. Its elements stay while their texts change, so that focus and reading position do. */
export class Card {
  readonly element: HTMLElement;
  readonly #figure = element('span', { class: 'figure' });
  readonly #caption = element('span', { class: 'caption' });
  readonly #details = element('dl', { class: 'details' });
  readonly #warning = element('p', { class: 'warning', hidden: true });
  readonly #chart: HTMLElement | undefined;
  #shown = '';

  constructor({ id, icon: name, title, leadsTo, chart }: CardOptions, open: (place: DashboardPlace) => void) {
    this.#chart = chart;
    const heading = element('h2', { id: `${id}-title` }, icon(name), element('span', {}, title));
    const texts = element('span', { class: 'texts' }, this.#figure, this.#caption);
    const main = leadsTo
      ? element(
          'button',
          {
            ...{ class: 'main', type: 'button', title: leadsTo.label },
            on: { click: () => open(leadsTo.place) },
          },
          texts,
          element('span', { class: 'visually-hidden' }, ` – ${leadsTo.label}`),
          icon('chevron-right'),
        )
      : element('div', { class: 'main' }, texts);
    this.element = element(
      'section',
      { class: 'card', id, 'aria-labelledby': `${id}-title` },
      ...[heading, main, this.#warning, chart, this.#details],
    );
  }

  show(text: CardText): void {
    const { caption, details = [], empty = false, figure, warning } = text;
    const all = JSON.stringify(text);
    if (this.#chart) this.#chart.hidden = empty;
    if (all === this.#shown) return;
    this.#shown = all;
    this.#figure.textContent = figure;
    this.#caption.textContent = caption;
    this.#warning.hidden = warning === undefined;
    this.#warning.replaceChildren(icon('warning'), element('span', {}, warning ?? ''));
    this.#details.hidden = details.length === 0;
    this.#details.replaceChildren(
      ...details.map(([name, value]) =>
        element('div', {}, element('dt', {}, name), element('dd', { title: value }, value)),
      ),
    );
  }
}
