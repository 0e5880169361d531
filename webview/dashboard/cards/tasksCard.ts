import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { l10n } from '../../shared/l10n.ts';
import { BarChart } from '../barChart.ts';
import { Card } from '../card.ts';
import { counted, number, percent } from '../format.ts';
import type { History } from '../history.ts';
import { type DashboardCard, type Open, untold } from './dashboardCard.ts';

const MINUTE_MS = 60_000;

type Tasks = NonNullable<DashboardSample['tasks']['value']>;

/** What is to be done, what was completed and what died, hour by hour. */
export class TasksCard implements DashboardCard {
  readonly #chart = new BarChart([l10n.t('24 hours ago'), l10n.t('now')]);
  readonly #card: Card;

  constructor(open: Open) {
    this.#card = new Card(
      {
        ...{ id: 'tasks', icon: 'checklist', title: l10n.t('Tasks'), chart: this.#chart.element },
        leadsTo: { place: 'tasks', label: l10n.t('Show Tasks') },
      },
      open,
    );
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  show({ tasks }: DashboardSample, history: History): void {
    if (!tasks.value) {
      this.#card.show(untold(tasks));
      return;
    }
    const { byState, trend } = tasks.value;
    const [done, died] = [sum(trend.completed), sum(trend.dead)];
    const wanted = byState['input_required'] ?? 0;
    this.#card.show({
      figure: number(done),
      caption: l10n.t('completed in 24 hours, {0} dead', number(died)),
      details: details(tasks.value, history),
      ...(wanted > 0 && {
        warning: counted(
          wanted,
          l10n.t('1 task waits for an answer.'),
          l10n.t('{0} tasks wait for an answer.'),
        ),
      }),
      empty: done + died === 0,
    });
    const text = l10n.t(
      'Tasks by hour over 24 hours: {0} completed, {1} in the last hour; {2} dead, {3} in the last hour',
      ...[number(done), number(trend.completed.at(-1) ?? 0), number(died), number(trend.dead.at(-1) ?? 0)],
    );
    this.#chart.show(trend.completed, trend.dead, text);
  }
}

function details(tasks: Tasks, history: History): (readonly [string, string])[] {
  const { byState, completed, died, lost, retried } = tasks;
  const of = (...states: string[]) => number(sum(states.map(state => byState[state] ?? 0)));
  const minutes = history.spanMs / MINUTE_MS;
  const ended = completed + died;
  return [
    [l10n.t('Worked on'), of('leased')],
    [l10n.t('Waiting'), of('ready', 'blocked', 'retry_wait', 'input_required')],
    [l10n.t('Dead now'), of('dead')],
    [l10n.t('Attempts that failed'), number(retried + died)],
    [l10n.t('Leases lost'), number(lost)],
    ...(ended === 0
      ? []
      : [
          [
            l10n.t('Completed of all ended'),
            `${percent((100 * completed) / ended)} (${number(completed)})`,
          ] as const,
        ]),
    ...(minutes < 1
      ? []
      : [
          [
            l10n.t('While you watched'),
            l10n.t(
              '{0} done, {1} failed in {2} min',
              ...[history.rise('completed'), history.rise('failed'), Math.round(minutes)],
            ),
          ] as const,
        ]),
  ];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
