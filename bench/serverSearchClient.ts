import { fileURLToPath } from 'node:url';
import { viewerOf } from '../src/engine/model/caller.ts';
import type { AskedPlace } from '../src/engine/search/server/choosePlace.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import { openSearchIndex } from '../test/fixtures/searchIndex.ts';
import { caller, MODEL } from './centralClient.ts';

export interface Question {
  readonly text: string;
  readonly vector: readonly number[];
}

export interface SearchFigures {
  /** Of each search, after the warm-up. */
  readonly milliseconds: readonly number[];
  /** Ids of the first ten of each question. */
  readonly found: readonly (readonly string[])[];
  /** Resident before the first search and after the last, MB. */
  readonly before: number;
  readonly after: number;
}

const WARM_UP = 20;
const MB = 1e6;

/** A client of its own: opens a replica, searches in one place, and tells what it took. Arguments: replica, folder, port, place. */
async function main(path: string, folder: string, port: number, place: AskedPlace): Promise<void> {
  await using store = await openMachine({ path, port });
  await store.operations.head();
  const before = resident();
  await using index = await openSearchIndex(store, { folder, place, memoryMb: 100_000, model: MODEL });
  process.send!('ready');
  const questions = await new Promise<readonly Question[]>(resolve => process.once('message', resolve));
  const milliseconds: number[] = [];
  const found: string[][] = [];
  for (const [i, { text, vector }] of [...questions.slice(0, WARM_UP), ...questions].entries()) {
    const query = { text, vector: new Float32Array(vector), viewer: viewerOf(caller), limit: 10 };
    const began = performance.now();
    const hits = await index.search({ ...query, now: Date.now() });
    if (i < WARM_UP) continue;
    milliseconds.push(performance.now() - began);
    found.push(hits.map(hit => hit.id));
  }
  const { problem } = await index.place();
  if (problem !== undefined) throw new Error(problem);
  process.send!({ milliseconds, found, before, after: resident() } satisfies SearchFigures);
}

function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / MB;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, folder, port, place] = process.argv.slice(2);
  await main(path!, folder!, Number(port), place as AskedPlace);
}
