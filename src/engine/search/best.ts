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

/** By a heap of the highest so far, its lowest first: nearly all of many rows are dismissed by one comparison. */
function nthHighest(rows: Int32Array, scores: Float32Array, n: number): number {
  const heap = new Float32Array(n);
  for (let i = 0; i < n; i++) heap[i] = scores[rows[i]!]!;
  heap.sort();
  for (let i = n; i < rows.length; i++) {
    const score = scores[rows[i]!]!;
    if (score > heap[0]!) replaceLowest(heap, score);
  }
  return heap[0]!;
}

function replaceLowest(heap: Float32Array, value: number): void {
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child += 1;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
