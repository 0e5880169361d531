import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { viewerOf } from '../src/engine/model/caller.ts';
import type { Store } from '../src/engine/ports/store.ts';
import { packageRoot } from '../src/main/assets.ts';
import { draft } from '../test/fixtures/drafts.ts';
import { openMachine } from '../test/fixtures/machine.ts';
import type { RedisServer } from '../test/fixtures/redis.ts';
import { startRedisWithSearch } from '../test/fixtures/redisWithSearch.ts';
import { openSearchIndex } from '../test/fixtures/searchIndex.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import { dotProduct } from '../test/fixtures/vectors.ts';
import type { BenchResult } from './benchResult.ts';
import { caller, MODEL } from './centralClient.ts';
import { recallQuestions, syntheticMemories } from './corpus.ts';
import { miniLmVectors, type VectorSource } from './scanVectors.ts';
import type { Question, SearchFigures } from './serverSearchClient.ts';
import { fill, untilProjected, WHERE } from './serverSearchMachine.ts';
import { serverSearchQuality } from './serverSearchQuality.ts';
import { quantile } from './statistics.ts';

const QUESTIONS = 200;
const COMPARED = 50;
const NEAREST = 10;
const MB = 1e6;

/** The same memories searched in the process and on the server: how fast, how alike, and what each takes where. */
export async function serverSearchBench(count: number): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  await using redis = await startRedisWithSearch({ config: { appendfsync: 'everysec' } });
  const vectors = await miniLmVectors();
  await using machine = await openMachine({ path: join(folder.path, 'filler.db'), port: redis.port });
  const notes = [...syntheticMemories(count)].map(({ content, created_at, session_id = null, tags }, i) =>
    draft(content, { id: `${i}`, session: session_id, tags, createdAt: Date.parse(created_at) }),
  );
  await fill(machine, notes, id => vectors.vector(Number(id)));
  const questions = recallQuestions(QUESTIONS).map((text, i) => ({
    text,
    vector: [...vectors.queries[i % vectors.queries.length]!],
  }));
  const without = await usedMemory(redis);
  const seconds = (await project(machine, folder.path, count)) / 1e3;
  const server = await machine.search!.report(MODEL);
  const recall = await exactShare(machine, vectors, count);
  const places = ['process', 'server'] as const;
  const figures: SearchFigures[] = [];
  for (const place of places) {
    const path = join(folder.path, `${place}.db`);
    await machine.backup(path);
    figures.push(await measure(path, folder.path, redis.port, place, questions));
  }
  const of = `${count} memories`;
  return [
    ...places.flatMap((place, i) =>
      [0.5, 0.95].map(q => ({
        name: `${of}: search ${WHERE[place]}, p${q * 100}`,
        value: quantile(figures[i]!.milliseconds, q),
        unit: 'ms',
      })),
    ),
    ...places.flatMap((place, i) => [
      {
        name: `${of}: resident in a client that searches ${WHERE[place]}`,
        value: figures[i]!.after,
        unit: 'MB',
      },
      {
        name: `${of}: of it for the search, a memory, ${WHERE[place]}`,
        value: ((figures[i]!.after - figures[i]!.before) * MB) / count,
        unit: 'B',
      },
    ]),
    atLeast(`${of}: recall@10 of the server's graph against exact`, recall, 0.9),
    { name: `${of}: projected`, value: count / seconds, unit: '1/s' },
    { name: `${of}: index in Redis, as it tells`, value: server.bytes / MB, unit: 'MB' },
    {
      name: `${of}: index and its documents in Redis`,
      value: ((await usedMemory(redis)) - without) / MB,
      unit: 'MB',
    },
    ...(await serverSearchQuality(folder.path, redis.port)),
  ];
}

/** @returns how long it took until the server could search, ms */
async function project(machine: Store, folder: string, count: number): Promise<number> {
  await using index = await openSearchIndex(machine, { folder, place: 'server', model: MODEL });
  const began = performance.now();
  await index.search({ text: 'x', viewer: viewerOf(caller), limit: 1, now: Date.now() });
  await untilProjected(machine, count);
  return performance.now() - began;
}

/** Share of the ten nearest of each question, as by looking at all of them, that the server finds. */
async function exactShare(machine: Store, vectors: VectorSource, count: number): Promise<number> {
  const all = Array.from({ length: count }, (_, i) => vectors.vector(i));
  let found = 0;
  const queries = vectors.queries.slice(0, COMPARED);
  for (const vector of queries) {
    const scores = all.map(one => dotProduct(one, vector));
    const least = scores.toSorted((a, b) => b - a)[NEAREST - 1]!;
    const { byMeaning } = await machine.search!.candidates(MODEL, {
      ...{ vector, terms: [], counted: [], byWords: 0, byMeaning: NEAREST },
      ...{ viewer: viewerOf(caller), now: Date.now() },
    });
    found += byMeaning.filter(id => scores[Number(id)]! >= least - 1e-6).length;
  }
  return found / (NEAREST * queries.length);
}

async function measure(
  path: string,
  folder: string,
  port: number,
  place: string,
  questions: readonly Question[],
): Promise<SearchFigures> {
  const child = fork(
    join(packageRoot, 'bench', 'serverSearchClient.ts'),
    [path, folder, String(port), place],
    {
      execArgv: ['--expose-gc', '--import', 'tsx'],
      cwd: packageRoot,
    },
  );
  await once(child, 'message');
  const answer = once(child, 'message');
  child.send(questions);
  const [figures] = (await answer) as [SearchFigures];
  child.disconnect();
  await once(child, 'exit');
  return figures;
}

async function usedMemory(redis: RedisServer): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.cli('INFO', 'memory'))![1]);
}

function atLeast(name: string, value: number, limit: number): BenchResult {
  return { name, value, unit: '', target: `>= ${limit}`, met: value >= limit };
}
