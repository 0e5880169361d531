/** A stretch of rows under one heading. */
export interface Stretch {
  readonly heading: string;
  /** > 0 */
  readonly count: number;
}

/** With where it begins, and its first row. */
interface Placed extends Stretch {
  readonly start: number;
  readonly row: number;
}

/** What stands at one place. */
export type Place = { readonly heading: Stretch } | { readonly row: number };

/** Rows with a heading above each stretch: tells what stands where, without a list of all. */
export class TimelineLayout {
  readonly #stretches: readonly Placed[];
  /** Rows and headings. */
  readonly length: number;

  constructor(stretches: readonly Stretch[]) {
    let start = 0;
    let row = 0;
    this.#stretches = stretches.map(stretch => {
      const placed = { ...stretch, start, row };
      start += stretch.count + 1;
      row += stretch.count;
      return placed;
    });
    this.length = start;
  }

  /** @param index 0..length - 1 */
  at(index: number): Place {
    const { count, heading, row, start } = this.#last(stretch => stretch.start <= index);
    return index === start ? { heading: { heading, count } } : { row: row + index - start - 1 };
  }

  /** The row that stands there, or the first below that heading. @param index 0..length - 1 */
  rowFrom(index: number): number {
    const place = this.at(index);
    return 'row' in place ? place.row : this.#last(stretch => stretch.start <= index).row;
  }

  /** Where a row stands. @param row 0..number of rows - 1 */
  indexOf(row: number): number {
    const stretch = this.#last(one => one.row <= row);
    return stretch.start + 1 + row - stretch.row;
  }

  #last(is: (stretch: Placed) => boolean): Placed {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (is(this.#stretches[middle]!)) low = middle;
      else high = middle - 1;
    }
    return this.#stretches[low]!;
  }
}
