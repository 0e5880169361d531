import type { Pace } from './pace.ts';
import { countOf, type Points, squaredDistance } from './points.ts';

/** Cells that are looked into for each point: its own and those beside it. */
const CELLS_LOOKED_INTO = 8;
const ROUNDS = 3;

/** The nearest of each point. */
export interface Neighbours {
  /** A point's, at most; those that are missing are -1. */
  readonly each: number;
  /** `each` a point, nearest first. */
  readonly indexes: Int32Array;
  readonly distances: Float32Array;
}

/** Points sorted into cells. */
interface Cells {
  readonly count: number;
  readonly centres: Points;
  /** Members of a cell lie from its start to the start of the next. */
  readonly starts: Int32Array;
  readonly members: Int32Array;
}

/** The nearest of each point, nearly all of them: points are sorted into cells, and only cells near by are compared. */
export async function nearNeighbours(points: Points, each: number, pace: Pace): Promise<Neighbours> {
  const { dimensions, values } = points;
  const all = countOf(points);
  const cells = await sortIntoCells(points, pace);
  const indexes = new Int32Array(all * each).fill(-1);
  const distances = new Float32Array(all * each).fill(Number.POSITIVE_INFINITY);
  for (let cell = 0; cell < cells.count; cell++) {
    const near = nearestCells(cells, cell);
    for (let m = cells.starts[cell]!; m < cells.starts[cell + 1]!; m++) {
      const point = cells.members[m]!;
      for (const other of near) {
        for (let o = cells.starts[other]!; o < cells.starts[other + 1]!; o++) {
          const neighbour = cells.members[o]!;
          if (neighbour === point) continue;
          const at = neighbour * dimensions;
          const distance = squaredDistance(values, point * dimensions, values, at, dimensions);
          if (distance < distances[(point + 1) * each - 1]!)
            insert(indexes, distances, point * each, each, neighbour, distance);
        }
      }
      await pace.step();
    }
  }
  for (let i = 0; i < distances.length; i++) distances[i] = Math.sqrt(distances[i]!);
  return { each, indexes, distances };
}

function insert(
  indexes: Int32Array,
  distances: Float32Array,
  start: number,
  each: number,
  index: number,
  distance: number,
): void {
  let at = start + each - 1;
  for (; at > start && distances[at - 1]! > distance; at--) {
    distances[at] = distances[at - 1]!;
    indexes[at] = indexes[at - 1]!;
  }
  distances[at] = distance;
  indexes[at] = index;
}

async function sortIntoCells(points: Points, pace: Pace): Promise<Cells> {
  const { dimensions, values } = points;
  const all = countOf(points);
  const count = Math.max(1, Math.floor(Math.sqrt(all) / 1.5));
  const centres: Points = { dimensions, values: new Float32Array(count * dimensions) };
  for (let cell = 0; cell < count; cell++) {
    const from = Math.floor((cell * all) / count) * dimensions;
    centres.values.set(values.subarray(from, from + dimensions), cell * dimensions);
  }
  const cellOf = new Int32Array(all);
  for (let round = 0; round < ROUNDS; round++) {
    for (let point = 0; point < all; point++) {
      cellOf[point] = nearestCentre(centres, count, values, point * dimensions);
      await pace.step();
    }
    if (round < ROUNDS - 1) moveCentres(centres, count, points, cellOf);
  }
  const starts = new Int32Array(count + 1);
  for (const cell of cellOf) starts[cell + 1]! += 1;
  for (let cell = 0; cell < count; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const members = new Int32Array(all);
  for (let point = 0; point < all; point++) members[next[cellOf[point]!]!++] = point;
  return { count, centres, starts, members };
}

function nearestCentre(centres: Points, count: number, values: Float32Array, at: number): number {
  const { dimensions } = centres;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < count; cell++) {
    const distance = squaredDistance(centres.values, cell * dimensions, values, at, dimensions);
    if (distance >= least) continue;
    least = distance;
    best = cell;
  }
  return best;
}

/** To the middle of their points; one without points stays. */
function moveCentres(
  centres: Points,
  count: number,
  { dimensions, values }: Points,
  cellOf: Int32Array,
): void {
  const sums = new Float64Array(count * dimensions);
  const sizes = new Int32Array(count);
  for (let point = 0; point < cellOf.length; point++) {
    const cell = cellOf[point]!;
    sizes[cell]! += 1;
    for (let i = 0; i < dimensions; i++) sums[cell * dimensions + i]! += values[point * dimensions + i]!;
  }
  for (let i = 0; i < sums.length; i++) {
    const size = sizes[Math.floor(i / dimensions)]!;
    if (size > 0) centres.values[i] = sums[i]! / size;
  }
}

/** Itself first. */
function nearestCells({ centres, count }: Cells, cell: number): readonly number[] {
  const { dimensions, values } = centres;
  return Array.from({ length: count }, (_, other) => ({
    other,
    distance:
      other === cell
        ? -1
        : squaredDistance(values, cell * dimensions, values, other * dimensions, dimensions),
  }))
    .sort((a, b) => a.distance - b.distance || a.other - b.other)
    .slice(0, CELLS_LOOKED_INTO)
    .map(({ other }) => other);
}
