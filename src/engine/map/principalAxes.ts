import type { Pace } from './pace.ts';
import { countOf, dot, type Points } from './points.ts';
import { random } from './random.ts';

/** Over the sample, and then in the space that was found, which is small. */
const PASSES = 5;
const TURNS = 30;

/** Where points lie apart most. */
export interface Axes {
  readonly dimensions: number;
  /** How many axes. */
  readonly count: number;
  readonly mean: Float32Array;
  /** Unit vectors at right angles, one after another; along the first the points differ most. */
  readonly vectors: Float32Array;
}

/**
 * Principal axes of points by power iteration; the same for the same points.
 * @param wanted how many, 1..; there are no more than the points have dimensions
 */
export async function principalAxes(sample: Points, wanted: number, pace: Pace): Promise<Axes> {
  const { dimensions } = sample;
  const count = Math.min(wanted, dimensions);
  const mean = meanOf(sample);
  const centred: Points = {
    dimensions,
    values: sample.values.map((value, i) => value - mean[i % dimensions]!),
  };
  const space = await iterate(centred, count, PASSES, pace);
  // The space is right long before the axes in it are: these are turned where it costs little.
  const all = countOf(sample);
  const inside: Points = { dimensions: count, values: new Float32Array(all * count) };
  for (let i = 0; i < all; i++)
    for (let j = 0; j < count; j++)
      inside.values[i * count + j] = dot(space, j * dimensions, centred.values, i * dimensions, dimensions);
  const turns = await iterate(inside, count, TURNS, pace);
  const vectors = new Float32Array(count * dimensions);
  for (let j = 0; j < count; j++)
    for (let l = 0; l < count; l++)
      addScaled(vectors, j * dimensions, space, l * dimensions, turns[j * count + l]!, dimensions);
  orthonormalise(vectors, count, dimensions);
  return { dimensions, count, mean, vectors };
}

/** Writes where a point stands on each axis. @param at first number of the point @param to where the first result goes */
export function project(
  { count, dimensions, mean, vectors }: Axes,
  values: Float32Array,
  at: number,
  out: Float32Array,
  to: number,
): void {
  for (let j = 0; j < count; j++)
    out[to + j] =
      dot(vectors, j * dimensions, values, at, dimensions) -
      dot(vectors, j * dimensions, mean, 0, dimensions);
}

function meanOf(points: Points): Float32Array {
  const { dimensions, values } = points;
  const count = countOf(points);
  const sums = new Float64Array(dimensions);
  for (let i = 0; i < values.length; i++) sums[i % dimensions]! += values[i]!;
  return Float32Array.from(sums, sum => sum / Math.max(1, count));
}

/** Orthogonal iteration with the covariance, which is never written down. */
async function iterate(points: Points, count: number, passes: number, pace: Pace): Promise<Float32Array> {
  const { dimensions, values } = points;
  const next = random();
  let axes = Float32Array.from({ length: count * dimensions }, () => next() / 2 ** 31 - 1);
  orthonormalise(axes, count, dimensions);
  for (let pass = 0; pass < passes; pass++) {
    const sums = new Float32Array(axes.length);
    for (let at = 0; at < values.length; at += dimensions) {
      for (let j = 0; j < count; j++) {
        const along = dot(axes, j * dimensions, values, at, dimensions);
        addScaled(sums, j * dimensions, values, at, along, dimensions);
      }
      await pace.step();
    }
    axes = sums;
    orthonormalise(axes, count, dimensions);
  }
  return axes;
}

/** Gram-Schmidt, in place. An axis along which nothing differs becomes zeros. */
function orthonormalise(axes: Float32Array, count: number, dimensions: number): void {
  for (let j = 0; j < count; j++) {
    const at = j * dimensions;
    const before = Math.sqrt(dot(axes, at, axes, at, dimensions));
    // Twice: once leaves what rounding added.
    for (let round = 0; round < 2; round++)
      for (let l = 0; l < j; l++)
        addScaled(
          axes,
          at,
          axes,
          l * dimensions,
          -dot(axes, at, axes, l * dimensions, dimensions),
          dimensions,
        );
    const length = Math.sqrt(dot(axes, at, axes, at, dimensions));
    const scale = length > before * 1e-5 ? 1 / length : 0;
    for (let i = 0; i < dimensions; i++) axes[at + i]! *= scale;
  }
}

function addScaled(
  out: Float32Array,
  to: number,
  values: Float32Array,
  at: number,
  scale: number,
  length: number,
): void {
  for (let i = 0; i < length; i++) out[to + i]! += values[at + i]! * scale;
}
