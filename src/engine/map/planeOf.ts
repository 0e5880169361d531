import { nearLayout } from './nearLayout.ts';
import { nearNeighbours } from './nearNeighbours.ts';
import type { Pace } from './pace.ts';
import { countOf, type Points } from './points.ts';

/** How far the places spread along the first axis, as standard deviation: what the layout's kernel expects. */
const SPREAD = 10;
const NEIGHBOURS = 15;
/** Rounds for few points; many get fewer, since each round then moves every point by more neighbours' pulls. */
const MOST_ROUNDS = 300;
const MANY = 10_000;

/** The first two numbers of each point, as x and y. @param reduced along principal axes, the strongest first */
export function flatPlaces(reduced: Points): Float32Array {
  const { dimensions, values } = reduced;
  const scale = flatScale(reduced);
  const places = new Float32Array(countOf(reduced) * 2);
  for (let i = 0; i < places.length; i++) {
    const axis = i % 2;
    places[i] = axis < dimensions ? values[Math.floor(i / 2) * dimensions + axis]! * scale : 0;
  }
  return places;
}

/** What the numbers of `flatPlaces` are multiplied by. */
export function flatScale({ dimensions, values }: Points): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += dimensions) sum += values[at]! ** 2;
  const deviation = Math.sqrt(sum / Math.max(1, values.length / dimensions));
  return deviation > 0 ? SPREAD / deviation : 1;
}

/**
 * Places at which those that are near each other in the space are near each other in the plane, which `flatPlaces` keeps for few. The same
 * for the same points. Takes some seconds for 20,000.
 */
export async function refinedPlaces(reduced: Points, pace: Pace): Promise<Float32Array> {
  const all = countOf(reduced);
  const places = flatPlaces(reduced);
  const neighbours = await nearNeighbours(reduced, Math.min(NEIGHBOURS, Math.max(1, all - 1)), pace);
  await nearLayout(places, neighbours, all > MANY ? MOST_ROUNDS / 2 : MOST_ROUNDS, pace);
  return places;
}
