import type { WindowedBm25 } from '../ranking/windowedBm25.ts';

/** The `count` rows with the highest scores, in no order; all of them when there are fewer. */
export function best({ scores, touched, touchedCount }: WindowedBm25, count: number): Int32Array {
  const rows = touched.subarray(0, touchedCount);
  if (touchedCount <= count) return rows;
  const threshold = nthHighest(rows, scores, count);
  const chosen = new Int32Array(count);
  let n = 0;
  for (const row of rows) if (scores[row]! > threshold) chosen[n++] = row;
  for (const row of rows) {
    if (n === count) break;
    if (scores[row] === threshold) chosen[n++] = row;
  }
  return chosen.subarray(0, n);
}

/** By quickselect over a copy (Hoare 1961): linear on average, where sorting would cost more than scoring. */
function nthHighest(rows: Int32Array, scores: Float32Array, n: number): number {
  const values = Float32Array.from(rows, row => scores[row]!);
  const target = values.length - n;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (target <= j) high = j;
    else if (target >= i) low = i;
    else break;
  }
  return values[target]!;
}
