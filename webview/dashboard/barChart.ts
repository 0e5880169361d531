import { element } from '../shared/dom.ts';
import { HEIGHT, niceCeiling, WIDTH } from './chartPath.ts';
import { drawn } from './svg.ts';

/** Of the room of a bar, what it fills. */
const FILLED = 0.72;

/** Counts by day or hour, the newest at the right; what went wrong hangs below the line. */
export class BarChart {
  readonly element: HTMLElement;
  readonly #drawing = drawn('svg', {
    ...{ role: 'img', class: 'drawing', preserveAspectRatio: 'none' },
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
  });
  readonly #top = element('span', { class: 'chart-top', 'aria-hidden': 'true' });

  /** @param ends what is written below its left and right end */
  constructor(ends: readonly [string, string]) {
    const axis = ends.map(end => element('span', {}, end));
    this.element = element(
      'div',
      { class: 'chart' },
      this.#top,
      this.#drawing,
      element('div', { class: 'axis', 'aria-hidden': 'true' }, ...axis),
    );
  }

  /**
   * @param good one count a bar, >= 0
   * @param bad as many; empty: nothing can go wrong
   * @param text what a person hears who does not see the bars
   */
  show(good: readonly number[], bad: readonly number[], text: string): void {
    const [up, down] = [Math.max(...good, 0), Math.max(...bad, 0)];
    const most = niceCeiling(Math.max(up, down));
    // Where nothing went wrong the bars have all the room.
    const line = down > 0 ? HEIGHT * 0.7 : HEIGHT;
    const width = WIDTH / Math.max(1, good.length);
    const bars = good.flatMap((count, i) => [
      ...bar(i * width, width, line, -count * (line / most), 'good'),
      ...bar(i * width, width, line, (bad[i] ?? 0) * ((HEIGHT - line) / most), 'bad'),
    ]);
    this.#drawing.replaceChildren(drawn('path', { class: 'base', d: `M0 ${line}H${WIDTH}` }), ...bars);
    this.#drawing.setAttribute('aria-label', text);
    this.#top.textContent = up > 0 || down > 0 ? String(most) : '';
  }
}

/** @param height negative: above the line */
function bar(x: number, room: number, line: number, height: number, look: 'good' | 'bad'): SVGElement[] {
  if (height === 0) return [];
  const width = room * FILLED;
  const at = { x: x + (room - width) / 2, y: Math.min(line, line + height) };
  return [drawn('rect', { ...at, width, height: Math.abs(height), class: `bar ${look}` })];
}
