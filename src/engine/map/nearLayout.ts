import type { Neighbours } from './nearNeighbours.ts';
import type { Pace } from './pace.ts';
import { random } from './random.ts';

/** Each pull towards a neighbour goes with so many pushes away from any other. */
const PUSHES = 5;
/** Of a single move, in the units of the map. */
const FARTHEST = 4;
const STEPS_AT_ONCE = 256;

/**
 * Moves points of a plane until neighbours lie together and others apart: gradient descent as UMAP does it, with the kernel of t-SNE
 * (1 / (1 + d²)), which needs no powers. The same for the same input.
 * @param places x and y of each point, some tens of units wide; changed in place
 * @param rounds 50..500
 */
export async function nearLayout(
  places: Float32Array,
  neighbours: Neighbours,
  rounds: number,
  pace: Pace,
): Promise<void> {
  const { each, indexes } = neighbours;
  const all = places.length / 2;
  const weights = weightsOf(neighbours);
  const next = random();
  // A pull is done in a share of the rounds, by its weight.
  const due = Float32Array.from(weights, weight => (weight > 0 ? 1 / weight : Number.POSITIVE_INFINITY));
  for (let round = 1; round <= rounds; round++) {
    const rate = 1 - (round - 1) / rounds;
    for (let point = 0; point < all; point++) {
      for (let edge = point * each; edge < (point + 1) * each; edge++) {
        if (due[edge]! > round) continue;
        due[edge]! += 1 / weights[edge]!;
        pull(places, point, indexes[edge]!, rate);
        for (let i = 0; i < PUSHES; i++) push(places, point, next() % all, rate);
      }
      if (point % STEPS_AT_ONCE === 0) await pace.step();
    }
  }
}

/**
 * How near each neighbour counts, 0..1: the nearest one 1, the others by how far they are for this point, whatever its surroundings
 * are, so that points in thin places have neighbours too.
 */
function weightsOf({ distances, each, indexes }: Neighbours): Float32Array {
  const weights = new Float32Array(indexes.length);
  const wanted = Math.log2(each);
  for (let start = 0; start < indexes.length; start += each) {
    if (indexes[start]! < 0) continue;
    const nearest = distances[start]!;
    let low = 0;
    let high = Number.POSITIVE_INFINITY;
    let scale = 1;
    for (let round = 0; round < 32; round++) {
      let sum = 0;
      for (let i = start; i < start + each; i++) sum += Math.exp(-(distances[i]! - nearest) / scale);
      if (Math.abs(sum - wanted) < 1e-3) break;
      if (sum > wanted) high = scale;
      else low = scale;
      scale = high === Number.POSITIVE_INFINITY ? scale * 2 : (low + high) / 2;
    }
    for (let i = start; i < start + each; i++)
      if (indexes[i]! >= 0) weights[i] = Math.max(0.001, Math.exp(-(distances[i]! - nearest) / scale));
  }
  return weights;
}

/** Both go towards each other. */
function pull(places: Float32Array, a: number, b: number, rate: number): void {
  const dx = places[2 * a]! - places[2 * b]!;
  const dy = places[2 * a + 1]! - places[2 * b + 1]!;
  const by = -2 / (1 + dx * dx + dy * dy);
  const mx = limited(by * dx) * rate;
  const my = limited(by * dy) * rate;
  places[2 * a]! += mx;
  places[2 * a + 1]! += my;
  places[2 * b]! -= mx;
  places[2 * b + 1]! -= my;
}

function push(places: Float32Array, a: number, b: number, rate: number): void {
  const dx = places[2 * a]! - places[2 * b]!;
  const dy = places[2 * a + 1]! - places[2 * b + 1]!;
  const squared = dx * dx + dy * dy;
  // Points that lie on one another are not driven apart: they say the same.
  if (squared === 0) return;
  const by = 2 / ((0.001 + squared) * (1 + squared));
  places[2 * a]! += limited(by * dx) * rate;
  places[2 * a + 1]! += limited(by * dy) * rate;
}

function limited(move: number): number {
  return move > FARTHEST ? FARTHEST : move < -FARTHEST ? -FARTHEST : move;
}
