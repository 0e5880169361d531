import { Pace } from '../src/engine/map/pace.ts';
import { flatPlaces, refinedPlaces } from '../src/engine/map/planeOf.ts';
import type { Points } from '../src/engine/map/points.ts';
import { principalAxes, project } from '../src/engine/map/principalAxes.ts';
import { never } from '../test/fixtures/engine.ts';
import { trustworthiness } from '../test/fixtures/trustworthiness.ts';
import type { BenchResult } from './benchResult.ts';
import { miniLmVectors } from './scanVectors.ts';

const AXES = 32;
const SAMPLE = 2000;
const NEIGHBOURS = 12;
const ASKED = 300;

/** How long the map of so many memories takes, and how many neighbours are still neighbours in it: at once, and refined. */
export async function mapBench(sizes: readonly number[]): Promise<BenchResult[]> {
  const source = await miniLmVectors();
  const { dimensions } = source;
  const results: BenchResult[] = [];
  for (const size of sizes) {
    const vectors = Array.from({ length: size }, (_, i) => source.vector(i));
    // Of the processor: in the background it also waits for others.
    const timed = async <T>(work: () => Promise<T>) => {
      const began = process.cpuUsage();
      const value = await work();
      return { value, seconds: process.cpuUsage(began).user / 1e6 };
    };
    const { value: reduced, seconds: reducing } = await timed(() => reduce(vectors, dimensions));
    const flat = flatPlaces(reduced);
    const { value: refined, seconds: refining } = await timed(() => refinedPlaces(reduced, new Pace(never)));
    const kept = (places: Float32Array) => trustworthiness(vectors, places, NEIGHBOURS, ASKED);
    const name = `map of ${size} memories`;
    results.push(
      { name: `${name}: at once (principal axes)`, value: reducing, unit: 's' },
      { name: `${name}: refined in the background`, value: refining, unit: 's' },
      { name: `${name}: trustworthiness at once`, value: kept(flat), unit: '' },
      { name: `${name}: trustworthiness refined`, value: kept(refined), unit: '' },
    );
  }
  return results;
}

async function reduce(vectors: readonly Float32Array[], dimensions: number): Promise<Points> {
  const sample = new Float32Array(SAMPLE * dimensions);
  for (let i = 0; i < SAMPLE; i++)
    sample.set(vectors[Math.floor((i * vectors.length) / SAMPLE)]!, i * dimensions);
  const axes = await principalAxes({ dimensions, values: sample }, AXES, new Pace(never));
  const values = new Float32Array(vectors.length * AXES);
  for (const [i, vector] of vectors.entries()) project(axes, vector, 0, values, i * AXES);
  return { dimensions: AXES, values };
}
