import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import { BarChart } from '../barChart.ts';
import { Card } from '../card.ts';
import { bytes, number } from '../format.ts';
import { type DashboardCard, type Open, untold } from './dashboardCard.ts';

/** How many memories there are, and how they grow. */
export class MemoriesCard implements DashboardCard {
  readonly #chart = new BarChart([l10n.t('two weeks ago'), l10n.t('today')]);
  readonly #card: Card;

  constructor(open: Open) {
    this.#card = new Card(
      {
        ...{ id: 'memories', icon: 'database', title: l10n.t('Memories'), chart: this.#chart.element },
        leadsTo: { place: 'memories', label: l10n.t('Show Memories') },
      },
      open,
    );
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  show({ memories }: DashboardSample): void {
    if (!memories.value) {
      this.#card.show(untold(memories));
      return;
    }
    const { contentBytes, expired, pinned, storedByDay, total } = memories.value;
    const stored = storedByDay.reduce((sum, count) => sum + count, 0);
    const today = storedByDay.at(-1) ?? 0;
    this.#card.show({
      figure: number(total),
      caption: l10n.t('{0} new today', number(today)),
      details: [
        [l10n.t('New in two weeks'), number(stored)],
        [l10n.t('Pinned'), number(pinned)],
        ...(expired > 0 ? [[l10n.t('Expired'), number(expired)] as const] : []),
        [l10n.t('Content'), bytes(contentBytes)],
      ],
      empty: stored === 0,
    });
    const most = Math.max(...storedByDay, 0);
    const text = l10n.t(
      'Memories stored by day over two weeks: {0} in all, {1} today, {2} on the fullest day',
      ...[number(stored), number(today), number(most)],
    );
    this.#chart.show(storedByDay, [], text);
  }
}
