import { type Point, WINDOW_MS } from './history.ts';

/** Between two points that are farther apart nobody looked: no line is drawn there. Milliseconds. */
const GAP_MS = 20_000;

/** Of a drawing: it is stretched to the room it gets. */
export const WIDTH = 100;
export const HEIGHT = 32;
/** Room for the width of a line, above and below. */
const EDGE = 1;

/**
 * A series as the path of an SVG, the last ten minutes from left to right.
 * @param now ms since the epoch, at the right
 * @param most the value at the top, > 0; the bottom is 0
 */
export function linePath(points: readonly Point[], series: string, now: number, most: number): string {
  const parts: string[] = [];
  let before: number | undefined;
  for (const { at, values } of points) {
    const value = values[series];
    if (value === undefined) {
      before = undefined;
      continue;
    }
    const x = rounded(WIDTH * (1 - (now - at) / WINDOW_MS));
    const y = rounded(heightOf(value, most));
    // A line of no length is drawn as a dot.
    parts.push(before === undefined || at - before > GAP_MS ? `M${x} ${y}h0` : `L${x} ${y}`);
    before = at;
  }
  return parts.join('');
}

/** The greatest value of some series; undefined where there is none. */
export function greatest(points: readonly Point[], series: readonly string[]): number | undefined {
  const values = points.flatMap(point => series.flatMap(name => point.values[name] ?? []));
  return values.length > 0 ? Math.max(...values) : undefined;
}

/** The next of 1, 2, 5, 10, 20, … so that the scale of a chart seldom changes. @param value >= 0 */
export function niceCeiling(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find(step => value <= step * power) ?? 10);
}

function heightOf(value: number, most: number): number {
  const share = Math.min(1, Math.max(0, value / most));
  return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
