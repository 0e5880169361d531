import type { DashboardSample } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { element } from '../../shared/dom.ts';
import { l10n } from '../../shared/l10n.ts';
import { Card } from '../card.ts';
import { bytes, number, percent } from '../format.ts';
import type { History } from '../history.ts';
import { LineChart } from '../lineChart.ts';
import type { DashboardCard, Open } from './dashboardCard.ts';

type Gpu = DashboardSample['devices']['gpus'][number];

interface Made {
  readonly card: Card;
  readonly chart: LineChart;
}

/** A card for each GPU and one for the CPU; where there is no GPU, one that says so. */
export class MachineCards implements DashboardCard {
  readonly element = element('div', { class: 'cards' });
  readonly #open: Open;
  #gpus: readonly Made[] = [];
  #cpu: Made;

  constructor(open: Open) {
    this.#open = open;
    this.#cpu = this.#lay(0);
  }

  show(sample: DashboardSample, history: History): void {
    const { cpu, gpus, problems } = sample.devices;
    if (gpus.length !== this.#gpus.length) this.#cpu = this.#lay(gpus.length);
    for (const [i, gpu] of gpus.entries()) this.#showGpu(this.#gpus[i]!, gpu, i, sample, history);
    const busy = percent(cpu.busyPercent);
    const model = cpu.model || l10n.t('unknown');
    this.#cpu.card.show({
      figure: gpus.length > 0 ? busy : l10n.t('No GPU'),
      caption: gpus.length > 0 ? l10n.t('busy') : l10n.t('on this machine; CPU at {0}', busy),
      details: [
        [l10n.t('Processor'), model],
        [l10n.t('Cores'), number(cpu.cores)],
        ...(gpus.length > 0 ? [] : [embeddings(sample)]),
      ],
      ...(problems.length > 0 && { warning: problems.join(' ') }),
    });
    const text = l10n.t('CPU: busy over the last ten minutes, {0} now', busy);
    this.#cpu.chart.show(history.points, sample.at, 100, percent(100), text);
  }

  #showGpu({ card, chart }: Made, gpu: Gpu, index: number, sample: DashboardSample, history: History): void {
    const { busyPercent, memoryTotalBytes: total, memoryUsedBytes: used } = gpu;
    const busy = busyPercent === undefined ? undefined : percent(busyPercent);
    const memory = used !== undefined && total ? percent((100 * used) / total) : undefined;
    card.show({
      figure: busy ?? '–',
      caption: busy === undefined ? l10n.t('use is not told') : l10n.t('busy'),
      details: gpuDetails(gpu, index === 0 ? sample : undefined),
      empty: busy === undefined && memory === undefined,
    });
    const text = l10n.t(
      '{0}: over the last ten minutes; now busy {1}, memory {2}',
      ...[gpu.name, busy ?? l10n.t('unknown'), memory ?? l10n.t('unknown')],
    );
    chart.show(history.points, sample.at, 100, percent(100), text);
  }

  /** @returns the CPU's card */
  #lay(gpus: number): Made {
    this.#gpus = Array.from({ length: gpus }, (_, i) => {
      const title = gpus === 1 ? l10n.t('GPU') : l10n.t('GPU {0}', i + 1);
      const chart = new LineChart([
        { series: `gpu${i}.busy`, look: 'first', label: l10n.t('busy') },
        { series: `gpu${i}.memory`, look: 'second', label: l10n.t('memory') },
      ]);
      return this.#make(`gpu-${i}`, 'circuit-board', title, chart);
    });
    const title = gpus > 0 ? l10n.t('CPU') : l10n.t('GPU and CPU');
    const chart = new LineChart([{ series: 'cpu', look: 'first' }]);
    const cpu = this.#make('cpu', 'chip', title, chart);
    this.element.replaceChildren(...[...this.#gpus, cpu].map(({ card }) => card.element));
    return cpu;
  }

  #make(id: string, icon: string, title: string, chart: LineChart): Made {
    const card = new Card({ id, icon, title, chart: chart.element }, this.#open);
    return { card, chart };
  }
}

/** @param first of the first GPU: it also tells what embeddings run on */
function gpuDetails(gpu: Gpu, first: DashboardSample | undefined): (readonly [string, string])[] {
  const { driver, interface: by, memoryTotalBytes: total, memoryUsedBytes: used } = gpu;
  const { powerLimitW: limit, powerW: power, temperatureC: celsius } = gpu;
  const of = (one: string, all: string | undefined) =>
    all === undefined ? one : l10n.t('{0} of {1}', one, all);
  const watts = (value: number) => `${number(value)} W`;
  return [
    [l10n.t('Model'), gpu.name],
    ...(used === undefined
      ? []
      : [[l10n.t('Memory'), of(bytes(used), total === undefined ? total : bytes(total))] as const]),
    ...(celsius === undefined ? [] : [[l10n.t('Temperature'), `${number(celsius)} °C`] as const]),
    ...(power === undefined
      ? []
      : [[l10n.t('Power'), of(watts(power), limit === undefined ? limit : watts(limit))] as const]),
    ...(driver === undefined && by === undefined
      ? []
      : [[l10n.t('Driver'), [driver, by].filter(Boolean).join(', ')] as const]),
    ...(first ? [embeddings(first)] : []),
  ];
}

function embeddings({ status }: DashboardSample): readonly [string, string] {
  const { device, status: state } = status.value?.embedding ?? {};
  const runs = state === 'off' ? l10n.t('switched off') : (device ?? l10n.t('not used yet'));
  return [l10n.t('Embeddings on'), runs];
}
