import { grown } from '../search/growable.ts';
import type { Pace } from './pace.ts';
import { flatPlaces, flatScale, refinedPlaces } from './planeOf.ts';
import { type Points, squaredDistance } from './points.ts';
import { type Axes, project } from './principalAxes.ts';

/** A new point stands among so many. */
const AMONG = 5;

/** Where points are in the plane. Points that come later find their places among the others, which stay. */
export class Plane {
  readonly #axes: Axes;
  readonly #scale: number;
  #reduced: Float32Array;
  #places: Float32Array;
  #count: number;
  #refined = false;

  /** @param reduced along these axes */
  constructor(axes: Axes, reduced: Points) {
    this.#axes = axes;
    this.#reduced = reduced.values;
    this.#count = reduced.values.length / reduced.dimensions;
    this.#scale = flatScale(reduced);
    this.#places = flatPlaces(reduced);
  }

  get refined(): boolean {
    return this.#refined;
  }

  /** Writes x and y of a point. */
  copyPlace(point: number, out: Float32Array, to: number): void {
    out[to] = this.#places[2 * point]!;
    out[to + 1] = this.#places[2 * point + 1]!;
  }

  /** @returns its number */
  add(vectors: Float32Array, at: number): number {
    const { count: dimensions } = this.#axes;
    const point = this.#count++;
    this.#reduced = grown(this.#reduced, this.#count * dimensions);
    this.#places = grown(this.#places, this.#count * 2);
    project(this.#axes, vectors, at, this.#reduced, point * dimensions);
    this.#place(point);
    return point;
  }

  /** Lets neighbours find each other; points that were added meanwhile are placed among them. */
  async refine(pace: Pace): Promise<void> {
    const { count: dimensions } = this.#axes;
    const before = this.#count;
    const values = this.#reduced.slice(0, before * dimensions);
    this.#places.set(await refinedPlaces({ dimensions, values }, pace));
    this.#refined = true;
    for (let point = before; point < this.#count; point++) this.#place(point);
  }

  #place(point: number): void {
    const { count: dimensions } = this.#axes;
    if (this.#refined) this.#placeAmongNearest(point);
    else
      for (let axis = 0; axis < 2; axis++)
        this.#places[2 * point + axis] =
          axis < dimensions ? this.#reduced[point * dimensions + axis]! * this.#scale : 0;
  }

  /** Where most of those before it are that are nearest in the space: in their middle it would lie between two groups, with neither. */
  #placeAmongNearest(point: number): void {
    const { count: dimensions } = this.#axes;
    const nearest: { readonly other: number; readonly distance: number }[] = [];
    for (let other = 0; other < point; other++) {
      const at = other * dimensions;
      const distance = squaredDistance(this.#reduced, at, this.#reduced, point * dimensions, dimensions);
      if (nearest.length === AMONG && distance >= nearest[AMONG - 1]!.distance) continue;
      nearest.push({ other, distance });
      nearest.sort((a, b) => a.distance - b.distance);
      nearest.length = Math.min(nearest.length, AMONG);
    }
    for (let axis = 0; axis < 2; axis++)
      this.#places[2 * point + axis] = median(nearest.map(({ other }) => this.#places[2 * other + axis]!));
  }
}

/** @returns 0 of none */
function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
