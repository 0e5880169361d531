import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/main/assets.ts';
import { near, randomUnit, seeded, unit } from '../test/fixtures/vectors.ts';
import { embedAll } from './ranking/evaluate.ts';

/** Unit vectors to search in and for; the same ones in every run. */
export interface VectorSource {
  readonly name: string;
  readonly dimensions: number;
  vector(i: number): Float32Array;
  readonly queries: readonly Float32Array[];
}

const DIMENSIONS = 384;
const PASSAGES = 10_000;
const QUERIES = 200;
/** Cosine of about .97 with the vector that was moved. */
const NUDGE = 0.25;
const NOISE = 2 ** 20;

/**
 * What the shipped model makes of passages of the installed packages' documentation; beyond the first 10,000 the same ones,
 * each moved a little. Passages that are asked for are not among those searched.
 */
export async function miniLmVectors(): Promise<VectorSource> {
  const passages = await documentation(PASSAGES + QUERIES);
  const vectors = await embedAll(passages);
  const queries = vectors.slice(0, QUERIES);
  return nudged('MiniLM', vectors.slice(QUERIES), queries);
}

/** Vectors in clusters, where nothing is to be computed. */
export function clusteredVectors(): VectorSource {
  const random = seeded(1);
  const centres = Array.from({ length: 500 }, () => randomUnit(DIMENSIONS, random));
  const some = () => near(centres[Math.floor(random() * centres.length)]!, 0.8, random);
  const queries = Array.from({ length: QUERIES }, some);
  return nudged('clusters', Array.from({ length: PASSAGES }, some), queries);
}

function nudged(
  name: string,
  vectors: readonly Float32Array[],
  queries: readonly Float32Array[],
): VectorSource {
  // A million vectors take their noise out of one table, each at another place.
  const noise = randomUnit(NOISE, seeded(2)).map(value => value * Math.sqrt(NOISE / DIMENSIONS));
  return {
    name,
    dimensions: DIMENSIONS,
    queries,
    vector(i) {
      const vector = vectors[i % vectors.length]!;
      if (i < vectors.length) return vector;
      const at = (i * 7919) % (NOISE - DIMENSIONS);
      const moved = new Float32Array(DIMENSIONS);
      for (let j = 0; j < DIMENSIONS; j++) moved[j] = vector[j]! + noise[at + j]! * NUDGE;
      return unit(moved);
    },
  };
}

/** Different passages of 40 to 300 characters, spread over all packages. */
async function documentation(count: number): Promise<readonly string[]> {
  const folder = join(packageRoot, 'node_modules');
  const files = (await readdir(folder, { recursive: true }))
    .filter(file => /\.(md|d\.ts)$/.test(file) && !file.includes('.cache'))
    .sort();
  const passages = new Set<string>();
  // The same share of every file: its first lines, then the next ones.
  const texts = await Promise.all(files.slice(0, 4000).map(file => passagesOf(join(folder, file))));
  for (let i = 0; passages.size < count; i++) {
    let found = false;
    for (const text of texts) {
      const passage = text[i];
      if (passage === undefined) continue;
      found = true;
      if (passages.size < count) passages.add(passage);
    }
    if (!found)
      throw new Error(`The installed packages document themselves in ${passages.size} passages only.`);
  }
  return [...passages];
}

async function passagesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split(/\n\s*\*?\s*\n|```/)
    .map(passage => passage.replace(/[\s*]+/g, ' ').trim())
    .filter(passage => passage.length >= 40 && passage.length <= 300 && passage.includes(' '));
}
