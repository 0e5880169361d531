import {
  FILTER_NAMES,
  type FilterName,
  type Filters,
} from '../../src/surfaces/editor/webviews/messages/browserProtocol.ts';
import { labelName } from '../../src/surfaces/editor/webviews/messages/labelName.ts';
import { fullTime } from '../shared/ago.ts';
import { element, icon } from '../shared/dom.ts';
import { l10n } from '../shared/l10n.ts';
import { rovingFocus } from '../shared/rovingFocus.ts';

const NAMES: Readonly<Record<FilterName, string>> = {
  type: l10n.t('Type'),
  agent: l10n.t('Agent'),
  tag: l10n.t('Tag'),
  priority: l10n.t('Priority'),
  namespace: l10n.t('Namespace'),
  session: l10n.t('Session'),
  time: l10n.t('Time'),
  review: l10n.t('Review'),
  state: l10n.t('State'),
};

/** A condition that holds, as a chip shows it, and the filters without it. */
interface Condition {
  readonly text: string;
  readonly without: Filters;
}

interface ChipsOptions {
  /** A person wants to choose values. */
  readonly choose: (filter: FilterName) => void;
  readonly change: (filters: Filters) => void;
}

/** The filters: a chip with a cross for each that holds, and one for each that could. */
export class FilterChips {
  readonly element: HTMLElement;
  readonly #options: ChipsOptions;

  constructor(options: ChipsOptions) {
    this.#options = options;
    this.element = element('div', { class: 'chips', role: 'toolbar', 'aria-label': l10n.t('Filters') });
    rovingFocus(this.element, 'button');
  }

  show(filters: Filters): void {
    const active = FILTER_NAMES.flatMap(name =>
      conditionsOf(name, filters).map(condition => this.#active(name, condition)),
    );
    if (filters.ids) {
      const { ids, ...without } = filters;
      active.push(this.#active('state', { text: l10n.t('{0} chosen in the map', ids.length), without }));
    }
    const offered = FILTER_NAMES.map(name =>
      element(
        'button',
        {
          class: 'chip',
          type: 'button',
          'data-filter': name,
          on: { click: () => this.#options.choose(name) },
        },
        NAMES[name],
        icon('chevron-down'),
      ),
    );
    const clear =
      active.length > 1 &&
      element(
        'button',
        { class: 'chip chip-clear', type: 'button', on: { click: () => this.#options.change({}) } },
        l10n.t('Clear all'),
      );
    this.element.replaceChildren(...active, ...(clear ? [clear] : []), ...offered);
  }

  #active(name: FilterName, { text, without }: Condition): HTMLElement {
    const remove = l10n.t('Remove the filter “{0}”', text);
    return element(
      'button',
      {
        ...{
          class: 'chip chip-active',
          type: 'button',
          title: remove,
          'aria-label': remove,
          'data-active': name,
        },
        on: { click: () => this.#options.change(without) },
      },
      element('span', { class: 'foreign' }, text),
      icon('close'),
    );
  }
}

function conditionsOf(name: FilterName, filters: Filters): Condition[] {
  const one = (key: keyof Filters, text: string): Condition[] => {
    const { [key]: value, ...without } = filters;
    return value === undefined ? [] : [{ text, without }];
  };
  const several = (key: 'types' | 'tags' | 'priorities'): Condition[] =>
    (filters[key] ?? []).map(value => {
      const rest = filters[key]!.filter(other => other !== value);
      const { [key]: _, ...others } = filters;
      return {
        text: `${NAMES[name]}: ${key === 'tags' ? value : labelName(value, l10n.t)}`,
        without: rest.length > 0 ? { ...others, [key]: rest } : others,
      };
    });
  switch (name) {
    case 'type':
      return several('types');
    case 'tag':
      return several('tags');
    case 'priority':
      return several('priorities');
    case 'time': {
      const { since, until, ...without } = filters;
      return since === undefined && until === undefined ? [] : [{ text: spanText(since, until), without }];
    }
    case 'state':
      return [...one('pinned', l10n.t('Pinned')), ...one('stale', l10n.t('Stale'))];
    case 'namespace': {
      const all = filters.namespace === '*' ? l10n.t('All namespaces') : filters.namespace;
      return one('namespace', `${NAMES.namespace}: ${all}`);
    }
    case 'review':
      return one(name, `${NAMES.review}: ${labelName(filters.review ?? '', l10n.t)}`);
    default:
      return one(name, `${NAMES[name]}: ${filters[name]}`);
  }
}

function spanText(since: number | undefined, until: number | undefined): string {
  if (since === undefined) return l10n.t('Before {0}', fullTime(until!));
  if (until === undefined) return l10n.t('Since {0}', fullTime(since));
  return l10n.t('{0} to {1}', fullTime(since), fullTime(until));
}
