import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { Card, type CardText } from '../card.ts';
import { greatest, niceCeiling } from '../chartPath.ts';
import { duration, number } from '../format.ts';
import type { History } from '../history.ts';
import { LineChart } from '../lineChart.ts';
import { type DashboardCard, type Open, untold } from './dashboardCard.ts';

type Subject = 'search' | 'embedding';

/** How long questions take, as a whole and their vectors. */
export class LatencyCards implements DashboardCard {
  readonly element: HTMLElement;
  readonly #cards: Readonly<Record<Subject, Card>>;
  readonly #charts = { search: chartOf('search'), embedding: chartOf('embedding') };

  constructor(open: Open) {
    this.#cards = {
      search: new Card(
        {
          ...{ id: 'search', icon: 'search', title: l10n.t('Search latency') },
          chart: this.#charts.search.element,
        },
        open,
      ),
      embedding: new Card(
        {
          ...{ id: 'embedding', icon: 'symbol-array', title: l10n.t('Embedding latency') },
          leadsTo: { place: 'health', label: l10n.t('Show Health') },
          chart: this.#charts.embedding.element,
        },
        open,
      ),
    };
    this.element = element(
      'div',
      { class: 'cards' },
      this.#cards.search.element,
      this.#cards.embedding.element,
    );
  }

  show(sample: DashboardSample, history: History): void {
    const { value } = sample.status;
    for (const subject of ['search', 'embedding'] as const) {
      const card = this.#cards[subject];
      if (!value) {
        card.show(untold(sample.status));
        continue;
      }
      const more = subject === 'embedding' ? modelText(value.embedding) : {};
      const { count, p50Ms, p95Ms } = value.latency[subject];
      card.show({ ...latencyText(count, p50Ms, p95Ms), ...more, empty: count === 0 });
      const most = niceCeiling(greatest(history.points, [`${subject}.p50`, `${subject}.p95`]) ?? 0);
      const title = subject === 'search' ? l10n.t('Search latency') : l10n.t('Embedding latency');
      const text = l10n.t(
        '{0} over the last ten minutes: half within {1}, 95 of 100 within {2} now; {3} at most',
        ...[title, duration(p50Ms), duration(p95Ms), duration(most)],
      );
      this.#charts[subject].show(history.points, sample.at, most, duration(most), text);
    }
  }
}

function chartOf(subject: Subject): LineChart {
  return new LineChart([
    { series: `${subject}.p50`, look: 'first', label: 'p50' },
    { series: `${subject}.p95`, look: 'second', label: 'p95' },
  ]);
}

function latencyText(count: number, p50Ms: number, p95Ms: number): CardText {
  if (count === 0) return { figure: '–', caption: l10n.t('nothing was asked in this window yet') };
  return {
    figure: duration(p50Ms),
    caption: l10n.t('p50; p95 {0}', duration(p95Ms)),
    details: [[l10n.t('Questions'), number(count)]],
  };
}

type Embedding = NonNullable<DashboardSample['status']['value']>['embedding'];

function modelText({ model, pending, problem, refused, status }: Embedding): Partial<CardText> {
  if (model === null) return { figure: '–', caption: l10n.t('switched off: recall is by words') };
  return {
    details: [
      [l10n.t('Model'), model],
      [l10n.t('Waiting'), number(pending)],
      ...(refused > 0 ? [[l10n.t('Refused'), number(refused)] as const] : []),
    ],
    ...(status === 'failed' && { warning: problem ?? l10n.t('The model failed: recall is by words.') }),
  };
}
