import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { Card, type CardText } from '../card.ts';
import { greatest, niceCeiling } from '../chartPath.ts';
import { bytes, counted, number } from '../format.ts';
import type { History } from '../history.ts';
import { LineChart } from '../lineChart.ts';
import { type DashboardCard, type Open, untold } from './dashboardCard.ts';

type Status = NonNullable<DashboardSample['status']['value']>;

/** Where memories are kept and how that stands to the LAN; what finds them. */
export class StoreCards implements DashboardCard {
  readonly element: HTMLElement;
  readonly #waiting = new LineChart([{ series: 'waiting', look: 'first' }]);
  readonly #store: Card;
  readonly #index: Card;

  constructor(open: Open) {
    const leadsTo = { place: 'health', label: l10n.t('Show Health') } as const;
    const store = { id: 'store', icon: 'server', title: l10n.t('Store') };
    this.#store = new Card({ ...store, leadsTo, chart: this.#waiting.element }, open);
    const index = { id: 'index', icon: 'list-tree', title: l10n.t('Search index') };
    this.#index = new Card({ ...index, leadsTo }, open);
    this.element = element('div', { class: 'cards' }, this.#store.element, this.#index.element);
  }

  show({ at, status }: DashboardSample, history: History): void {
    const { value } = status;
    this.#store.show(value ? storeText(value.store) : untold(status));
    this.#index.show(value ? indexText(value) : untold(status));
    const waiting = value?.store.central?.waiting ?? 0;
    const most = niceCeiling(greatest(history.points, ['waiting']) ?? 0);
    const text = l10n.t(
      'Writes that wait for the central Redis, over the last ten minutes; {0} now',
      waiting,
    );
    this.#waiting.show(history.points, at, most, number(most), text);
  }
}

function storeText({ bytes: size, central, driver, location, locked }: Status['store']): CardText {
  const own = [
    [l10n.t('Size'), bytes(size)],
    [l10n.t('File'), location],
    [l10n.t('Driver'), driver],
  ] as const;
  if (!central)
    return {
      figure: bytes(size),
      caption: l10n.t('of this machine alone'),
      details: own.slice(1),
      warning: locked,
      empty: true,
    };
  const { fix = '', location: place, problem, waiting } = central;
  const waits = counted(waiting, l10n.t('1 write waits here'), l10n.t('{0} writes wait here'));
  return {
    figure: problem === undefined ? l10n.t('Connected') : l10n.t('Offline'),
    caption: problem === undefined && waiting === 0 ? l10n.t('nothing waits here') : waits,
    details: [[l10n.t('Central Redis'), place], ...own],
    warning: problem === undefined ? locked : `${problem} ${fix}`.trim(),
  };
}

function indexText({ embedding, search }: Status): CardText {
  const { place, problem, reason, server } = search;
  return {
    figure: number(server ? server.documents : embedding.indexed),
    caption: server
      ? l10n.t('memories on the server, {0}', bytes(server.bytes))
      : counted(embedding.indexed, l10n.t('vector in this process'), l10n.t('vectors in this process')),
    details: [
      [l10n.t('Searched in'), place === 'server' ? l10n.t('the central Redis') : l10n.t('this process')],
      [l10n.t('Because'), reason],
      [l10n.t('Waiting'), number(embedding.pending)],
      ...(server ? [[l10n.t('Behind'), number(server.behind)] as const] : []),
    ],
    warning: problem,
  };
}
