import { element, icon } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';
import { rovingFocus } from '../shared/rovingFocus.ts';
import type { ViewName } from './browserState.ts';

const LABELS: Readonly<Record<ViewName, { readonly label: string; readonly icon: string }>> = {
  list: { label: l10n.t('List'), icon: 'list-unordered' },
  timeline: { label: l10n.t('Timeline'), icon: 'history' },
  map: { label: l10n.t('Map'), icon: 'graph-scatter' },
};

/** One tab a view. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #tabs: ReadonlyMap<ViewName, HTMLElement>;

  /** @param panel id of the element that shows the view in front */
  constructor(names: readonly ViewName[], panel: string, choose: (name: ViewName) => void) {
    this.#tabs = new Map(
      names.map(name => [
        name,
        element(
          'button',
          {
            ...{ class: 'tab', type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': panel },
            on: { click: () => choose(name) },
          },
          icon(LABELS[name].icon),
          LABELS[name].label,
        ),
      ]),
    );
    this.element = element(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': l10n.t('Views') },
      ...this.#tabs.values(),
    );
    rovingFocus(this.element, '[role=tab]');
  }

  show(chosen: ViewName): void {
    for (const [name, tab] of this.#tabs) tab.setAttribute('aria-selected', String(name === chosen));
  }
}
