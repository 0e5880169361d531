import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import { Card } from '../card.ts';
import { counted, number, percent } from '../format.ts';
import type { History } from '../history.ts';
import { LineChart } from '../lineChart.ts';
import { type DashboardCard, type Open, untold } from './dashboardCard.ts';

/** More are counted only. */
const NAMED = 6;

type Agent = NonNullable<DashboardSample['agents']['value']>[number];

/** Who is here, and how many of them have something to do. */
export class AgentsCard implements DashboardCard {
  readonly #chart = new LineChart([{ series: 'busy', look: 'first' }]);
  readonly #card: Card;

  constructor(open: Open) {
    this.#card = new Card(
      {
        ...{ id: 'agents', icon: 'organization', title: l10n.t('Agents'), chart: this.#chart.element },
        leadsTo: { place: 'agents', label: l10n.t('Show Agents') },
      },
      open,
    );
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  show({ agents, at }: DashboardSample, history: History): void {
    if (!agents.value) {
      this.#card.show(untold(agents));
      return;
    }
    const here = agents.value.filter(({ presence }) => presence !== 'offline');
    const online = here.filter(({ presence }) => presence === 'online');
    const busy = online.filter(({ tasks }) => tasks > 0).length;
    const share = online.length > 0 ? percent((100 * busy) / online.length) : '–';
    const more = here.length - NAMED;
    this.#card.show({
      figure: share,
      caption:
        here.length === 0
          ? l10n.t('no agent is here')
          : l10n.t('{0} of {1} have something to do', number(busy), number(online.length)),
      details: [
        ...[...here]
          .sort((a, b) => b.tasks - a.tasks || b.load - a.load)
          .slice(0, NAMED)
          .map(one => [one.name, stateOf(one)] as const),
        ...(more > 0 ? [[l10n.t('And more'), number(more)] as const] : []),
      ],
      empty: here.length === 0,
    });
    const text = l10n.t(
      'Share of agents that have something to do, over the last ten minutes; {0} now',
      share,
    );
    this.#chart.show(history.points, at, 100, percent(100), text);
  }
}

function stateOf({ load, presence, tasks }: Agent): string {
  const held = counted(tasks, l10n.t('1 task'), l10n.t('{0} tasks'));
  if (presence === 'stale') return l10n.t('{0}, silent', held);
  return load > 0 ? l10n.t('{0}, load {1}', held, percent(100 * load)) : held;
}
