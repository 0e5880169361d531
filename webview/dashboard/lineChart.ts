import { element } from '../shared/dom.ts';
import { HEIGHT, linePath, WIDTH } from './chartPath.ts';
import type { Point } from './history.ts';
import { drawn } from './svg.ts';

export interface Series {
  /** As points name it. */
  readonly series: string;
  /** Its colour, and how it is drawn: lines are told apart without colours, too. */
  readonly look: 'first' | 'second';
  /** For the legend; a chart of one line needs none. */
  readonly label?: string;
}

/** Lines over the last ten minutes. Its text alternative says what they show. */
export class LineChart {
  readonly element: HTMLElement;
  readonly #drawing: SVGSVGElement;
  readonly #lines: readonly (readonly [Series, SVGPathElement])[];
  readonly #top = element('span', { class: 'chart-top', 'aria-hidden': 'true' });

  constructor(series: readonly Series[]) {
    this.#lines = series.map(one => [one, drawn('path', { class: `line ${one.look}` })]);
    this.#drawing = drawn(
      'svg',
      {
        ...{ role: 'img', class: 'drawing', preserveAspectRatio: 'none' },
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      },
      drawn('path', { class: 'base', d: `M0 ${HEIGHT}H${WIDTH}` }),
      ...this.#lines.map(([, path]) => path),
    );
    const named = series.filter(({ label }) => label !== undefined);
    const legend = named.map(({ label, look }) => element('li', { class: `key ${look}` }, label));
    this.element = element(
      'div',
      { class: 'chart' },
      this.#top,
      this.#drawing,
      legend.length > 0 && element('ul', { class: 'legend', 'aria-hidden': 'true' }, ...legend),
    );
  }

  /**
   * @param most the value at the top, > 0
   * @param top how that is written
   * @param text what a person hears who does not see the lines
   */
  show(points: readonly Point[], now: number, most: number, top: string, text: string): void {
    for (const [{ series }, path] of this.#lines) path.setAttribute('d', linePath(points, series, now, most));
    this.#top.textContent = top;
    this.#drawing.setAttribute('aria-label', text);
  }
}
