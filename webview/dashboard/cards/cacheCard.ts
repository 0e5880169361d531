import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import { Card } from '../card.ts';
import { number, percent } from '../format.ts';
import type { History } from '../history.ts';
import { LineChart } from '../lineChart.ts';
import type { DashboardCard, Open } from './dashboardCard.ts';

interface Tally {
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
}

/** How often a cache had what was asked for. */
export class CacheCard implements DashboardCard {
  readonly #chart = new LineChart([
    { series: 'hits.responses', look: 'first', label: l10n.t('answers') },
    { series: 'hits.embeddings', look: 'second', label: l10n.t('vectors') },
  ]);
  readonly #card: Card;

  constructor(open: Open) {
    const title = l10n.t('Cache hit rate');
    this.#card = new Card({ id: 'cache', icon: 'layers', title, chart: this.#chart.element }, open);
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  show({ at, caches, sharedCaches }: DashboardSample, history: History): void {
    const [hits, asked] = sums(caches);
    const shared = sharedCaches.value ?? [];
    this.#card.show({
      figure: asked > 0 ? percent((100 * hits) / asked) : '–',
      caption:
        asked > 0
          ? l10n.t('{0} of {1} answered from memory', number(hits), number(asked))
          : l10n.t('nothing was asked in this window yet'),
      details: [
        ...caches.map(one => [titleOf(one.name), rate(one)] as const),
        ...shared.map(one => [l10n.t('Shared: {0}', one.name), rate(one)] as const),
      ],
      ...(sharedCaches.problem && { warning: sharedCaches.problem.message }),
      empty: asked === 0,
    });
    const text = l10n.t(
      'Cache hit rate over the last ten minutes; now {0}',
      caches.map(one => `${titleOf(one.name)} ${rate(one)}`).join(', '),
    );
    this.#chart.show(history.points, at, 100, percent(100), text);
  }
}

function sums(tallies: readonly Tally[]): [hits: number, asked: number] {
  const hits = tallies.reduce((sum, one) => sum + one.hits, 0);
  return [hits, tallies.reduce((sum, one) => sum + one.misses, hits)];
}

function rate(tally: Tally): string {
  const [hits, asked] = sums([tally]);
  return asked === 0 ? l10n.t('not asked') : l10n.t('{0} of {1}', number(hits), number(asked));
}

function titleOf(name: string): string {
  const titles: Readonly<Record<string, string>> = {
    responses: l10n.t('Answers'),
    embeddings: l10n.t('Vectors'),
  };
  return titles[name] ?? name;
}
