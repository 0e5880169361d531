import type { Neighbour, VectorReader } from '../../engine/ports/vectorIndex.ts';
import type { Candidates } from './scanner.ts';

/** Vectors read in one go. */
const READ_AT_ONCE = 500;

/** The rows as they are now, scanned by their codes. */
export interface ApproximateScan {
  /** Rows that may be found. */
  readonly count: number;
  best(capacity: number): Candidates;
  /** Every row whose true score may be `least` or more. */
  above(least: number): Candidates;
  keyOf(slot: number): number;
}

/**
 * The nearest by float32, though only few vectors are read: those that the codes say are best, then those that may be better than
 * the last of them, given how far codes can be from the truth. Often there are none of the latter.
 *
 * @param begin a scan of the rows as they are then: they may change while vectors are read
 * @param first how many are read at first, at least `limit`
 */
export async function exactSearch(
  begin: () => ApproximateScan,
  vector: Float32Array,
  limit: number,
  first: number,
  read: VectorReader,
): Promise<readonly Neighbour[]> {
  const scores = new Map<number, number>();
  const readAll = async (keys: readonly number[]) => {
    const fresh = keys.filter(key => !scores.has(key));
    if (fresh.length === 0) return;
    const vectors = await read(fresh);
    for (const [i, key] of fresh.entries()) scores.set(key, dot(vector, vectors, i * vector.length));
  };
  const scan = begin();
  if (scan.count === 0) return [];
  const found = scan.best(Math.min(first, scan.count));
  await readAll(Array.from(found.slots, scan.keyOf));
  const neighbours = ordered(scores, limit);
  const unread = Math.min(...found.scores) + found.bound;
  if (found.slots.length === scan.count || unread < neighbours.at(-1)!.score) return neighbours;

  const again = begin();
  const { slots, scores: approximate, bound } = again.above(neighbours.at(-1)!.score);
  const doubtful = Array.from(slots, (slot, i) => ({
    key: again.keyOf(slot),
    most: approximate[i]! + bound,
  }));
  doubtful.sort((a, b) => b.most - a.most);
  for (let start = 0; start < doubtful.length; start += READ_AT_ONCE) {
    const last = ordered(scores, limit).at(-1)!.score;
    if (doubtful[start]!.most < last) break;
    await readAll(doubtful.slice(start, start + READ_AT_ONCE).map(({ key }) => key));
  }
  return ordered(scores, limit);
}

/** The nearest as far as the codes can tell, without reading a vector. */
export function byCodes(scan: ApproximateScan, limit: number): readonly Neighbour[] {
  if (scan.count === 0) return [];
  const { slots, scores } = scan.best(Math.min(limit, scan.count));
  return ordered(new Map(Array.from(slots, (slot, i) => [scan.keyOf(slot), scores[i]!])), limit);
}

function ordered(scores: ReadonlyMap<number, number>, limit: number): readonly Neighbour[] {
  return Array.from(scores, ([key, score]) => ({ key, score }))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, limit);
}

/** Products of float32 are exact in doubles; so equal vectors have equal scores. */
function dot(a: Float32Array, b: Float32Array, offset: number): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[offset + i]!;
  return sum;
}
