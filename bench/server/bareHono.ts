import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../src/main/assets.ts';
import type { BenchResult } from '../benchResult.ts';
import { recallQuestions } from '../corpus.ts';
import { type RestClient, restClient } from './restClient.ts';

const CLIENTS = 20;
const SECONDS = 5;
const ROUNDS = 3;

/**
 * Our routes beside a bare Hono route in a process of its own that does the same work on Redis, each asked by as many clients as fast as they can, in turn. For a read that is one round
 * trip and a hash of the memory's size; for a store a pipeline of HSET and XADD of the same bytes.
 */
export async function besideBareHono(ours: string, redisPort: number): Promise<BenchResult[]> {
  const [query = ''] = recallQuestions(1);
  using client = restClient(ours);
  const { body } = await client.post('/v1/tools/store_memory', {
    content: `Measured beside a bare route: ${query}`,
  });
  const memory = (await client.post('/v1/tools/retrieve_memory', { memory_id: body['id'] })).body;
  await using bare = await startBare(redisPort, JSON.stringify(memory));
  const reads: Rates = { ours: [], bare: [] };
  const stores: Rates = { ours: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    reads.ours.push(await rate(ours, () => ['/v1/tools/retrieve_memory', { memory_id: body['id'] }]));
    reads.bare.push(await rate(bare.url, () => ['/read', { memory_id: body['id'] }]));
    stores.ours.push(
      await rate(ours, i => ['/v1/tools/store_memory', { content: `Round ${round}, ${i}: ${query}` }]),
    );
    stores.bare.push(await rate(bare.url, i => ['/store', { content: `Round ${round}, ${i}: ${query}` }]));
  }
  return [...compared('reading a memory', reads, 0.6), ...compared('storing a memory', stores, 0.6)];
}

interface Rates {
  readonly ours: number[];
  readonly bare: number[];
}

function compared(name: string, { ours, bare }: Rates, least: number): BenchResult[] {
  const ratio = Math.max(...ours) / Math.max(...bare);
  return [
    { name: `${name} over REST, ${CLIENTS} clients`, value: Math.max(...ours), unit: '1/s' },
    {
      name: `${name} over a bare Hono route with the same work on Redis`,
      value: Math.max(...bare),
      unit: '1/s',
    },
    {
      name: `${name}: throughput against the bare route`,
      value: ratio,
      unit: 'x',
      target: `>= ${least}`,
      met: ratio >= least,
    },
  ];
}

/** @returns answers a second */
async function rate(
  base: string,
  work: (i: number) => readonly [path: string, body: unknown],
): Promise<number> {
  const clients: RestClient[] = Array.from({ length: CLIENTS }, () => restClient(base));
  const until = performance.now() + SECONDS * 1e3;
  let done = 0;
  let begun = 0;
  await Promise.all(
    clients.map(async client => {
      while (performance.now() < until) {
        const { status } = await client.post(...work(begun++));
        if (status !== 200) throw new Error(`${base} answered ${status}`);
        done++;
      }
    }),
  );
  for (const client of clients) client[Symbol.dispose]();
  return done / SECONDS;
}

async function startBare(redisPort: number, memory: string): Promise<AsyncDisposable & { url: string }> {
  const child = fork(join(packageRoot, 'bench', 'server', 'bareProgram.ts'), [String(redisPort), memory], {
    execArgv: ['--import', 'tsx'],
    cwd: packageRoot,
  });
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
