/** A cell has about so many points. */
const EACH = 4;

/** Points of a plane sorted into cells, so that those of a place are found without looking at all. */
export class PointGrid {
  readonly #places: Float32Array;
  readonly #left: number;
  readonly #bottom: number;
  readonly #size: number;
  readonly #columns: number;
  readonly #lines: number;
  /** Points of a cell lie from its start to the start of the next. */
  readonly #starts: Uint32Array;
  readonly #order: Uint32Array;

  /** @param places x and y of each; not to be changed afterwards */
  constructor(places: Float32Array) {
    const count = places.length / 2;
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < places.length; i += 2) {
      left = Math.min(left, places[i]!);
      right = Math.max(right, places[i]!);
      bottom = Math.min(bottom, places[i + 1]!);
      top = Math.max(top, places[i + 1]!);
    }
    const [width, height] = [Math.max(right - left, 1e-3), Math.max(top - bottom, 1e-3)];
    this.#places = places;
    this.#left = left;
    this.#bottom = bottom;
    // Of points in a line the cells would be many times their number.
    const least = Math.max(width, height) / 1000;
    this.#size = Math.max(Math.sqrt((width * height * EACH) / Math.max(1, count)), least);
    this.#columns = Math.floor(width / this.#size) + 1;
    this.#lines = Math.floor(height / this.#size) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#lines + 1);
    this.#order = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.#starts[this.#cellOf(i) + 1]! += 1;
    for (let cell = 1; cell < this.#starts.length; cell++) this.#starts[cell]! += this.#starts[cell - 1]!;
    const next = this.#starts.slice();
    for (let i = 0; i < count; i++) this.#order[next[this.#cellOf(i)]!++] = i;
  }

  /** Writes the points of all cells that this part of the plane touches. @param out as long as there are points @returns how many */
  within(left: number, right: number, bottom: number, top: number, out: Uint32Array): number {
    let found = 0;
    const firstLine = this.#line(bottom);
    const lastLine = this.#line(top);
    for (let line = firstLine; line <= lastLine; line++) {
      const from = this.#starts[line * this.#columns + this.#column(left)]!;
      const to = this.#starts[line * this.#columns + this.#column(right) + 1]!;
      for (let at = from; at < to; at++) out[found++] = this.#order[at]!;
    }
    return found;
  }

  /** @returns the nearest point that is nearer than this, -1: none */
  nearest(x: number, y: number, reach: number): number {
    let nearest = -1;
    let least = reach * reach;
    for (let line = this.#line(y - reach); line <= this.#line(y + reach); line++) {
      const from = this.#starts[line * this.#columns + this.#column(x - reach)]!;
      const to = this.#starts[line * this.#columns + this.#column(x + reach) + 1]!;
      for (let at = from; at < to; at++) {
        const point = this.#order[at]!;
        const distance = (this.#places[2 * point]! - x) ** 2 + (this.#places[2 * point + 1]! - y) ** 2;
        if (distance >= least) continue;
        nearest = point;
        least = distance;
      }
    }
    return nearest;
  }

  #cellOf(point: number): number {
    return this.#line(this.#places[2 * point + 1]!) * this.#columns + this.#column(this.#places[2 * point]!);
  }

  #column(x: number): number {
    return Math.max(0, Math.min(this.#columns - 1, Math.floor((x - this.#left) / this.#size)));
  }

  #line(y: number): number {
    return Math.max(0, Math.min(this.#lines - 1, Math.floor((y - this.#bottom) / this.#size)));
  }
}
