import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewerOf } from '../../src/engine/model/caller.ts';
import { packageRoot } from '../../src/main/assets.ts';
import { openMachine } from '../../test/fixtures/machine.ts';
import { temporaryFolder } from '../../test/fixtures/temporaryFolder.ts';
import { until } from '../../test/fixtures/until.ts';
import type { BenchResult } from '../benchResult.ts';
import { caller } from '../centralClient.ts';
import { recallQuestions } from '../corpus.ts';
import { type Answer, type RestClient, restClient } from './restClient.ts';

const CLIENTS = 20;
const SECONDS = 5;
const ROUNDS = 3;
/** Of a second, in which Linux counts processor time. */
const TICKS = 100;

/**
 * Our routes beside bare Hono routes in a process of their own with the same work on Redis and on a replica, each asked by as many clients as fast as they
 * can, in turn. What shares the machine weighs on the one that is asked just then, so the best of several rounds counts; the processor time of a
 * request, clients and Redis not counted, says it without them.
 */
export async function besideBareHono(ours: Measured, redisPort: number): Promise<BenchResult[]> {
  await using folder = await temporaryFolder();
  const [query = ''] = recallQuestions(1);
  using client = restClient(ours.url);
  const replica = join(folder.path, 'bare.db');
  let id = '';
  {
    await using machine = await openMachine({ path: replica, port: redisPort });
    // What a new replica gets in one go comes without its operations: the second has one.
    for (const which of ['first', 'second']) {
      const { body } = await client.post('/v1/memories', { content: `Measured ${which}: ${query}` });
      id = body['id'] as string;
      await until(async () => (await machine.memories.get([id], viewerOf(caller)))[0] !== undefined);
    }
  }
  await using bare = await startBare(redisPort, replica, id);
  const reads = await inTurn(
    () => ask(ours, one => one.get(`/v1/memories/${id}`)),
    () => ask(bare, one => one.get(`/memories/${id}`)),
  );
  // After the reads: what is stored is embedded for a while.
  const text = (round: number, i: number) => ({ content: `Round ${round}, ${i}: ${query}` });
  const stores = await inTurn(
    round => ask(ours, (one, i) => one.post('/v1/memories', text(round, i))),
    round => ask(bare, (one, i) => one.post('/memories', text(round, i))),
  );
  return [...compared('reading a memory', reads, 0.6), ...compared('storing a memory', stores, 0.6)];
}

/** A server, and its process. */
interface Measured {
  readonly url: string;
  readonly pid: number;
}

/** What a round has shown. */
interface Round {
  /** Answers a second. */
  readonly rate: number;
  /** Processor time of an answer, µs. */
  readonly cpu: number;
}

interface Asked {
  readonly ours: readonly Round[];
  readonly bare: readonly Round[];
}

/** The first round, in which both warm up, does not count. */
async function inTurn(
  ours: (round: number) => Promise<Round>,
  bare: (round: number) => Promise<Round>,
): Promise<Asked> {
  const asked: { ours: Round[]; bare: Round[] } = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    asked.ours.push(await ours(round));
    asked.bare.push(await bare(round));
  }
  return { ours: asked.ours.slice(1), bare: asked.bare.slice(1) };
}

function compared(name: string, { ours, bare }: Asked, least: number): BenchResult[] {
  const best = (rounds: readonly Round[]) => Math.max(...rounds.map(({ rate }) => rate));
  const lowest = (rounds: readonly Round[]) => Math.min(...rounds.map(({ cpu }) => cpu));
  const ratio = best(ours) / best(bare);
  return [
    { name: `${name} over REST, ${CLIENTS} clients`, value: best(ours), unit: '1/s' },
    {
      name: `${name} over a bare Hono route with the same work on Redis and replica`,
      value: best(bare),
      unit: '1/s',
    },
    {
      name: `${name}: throughput against the bare route`,
      value: ratio,
      unit: 'x',
      target: `>= ${least}`,
      met: ratio >= least,
    },
    { name: `${name}: processor time of a request`, value: lowest(ours), unit: 'µs' },
    { name: `${name}: processor time of the bare route’s`, value: lowest(bare), unit: 'µs' },
  ];
}

async function ask(
  { pid, url }: Measured,
  work: (client: RestClient, i: number) => Promise<Answer>,
): Promise<Round> {
  const clients: RestClient[] = Array.from({ length: CLIENTS }, () => restClient(url));
  const before = processorTime(pid);
  const until = performance.now() + SECONDS * 1e3;
  let done = 0;
  let begun = 0;
  await Promise.all(
    clients.map(async client => {
      while (performance.now() < until) {
        const { status } = await work(client, begun++);
        if (status >= 300) throw new Error(`${url} answered ${status}`);
        done++;
      }
    }),
  );
  for (const client of clients) client[Symbol.dispose]();
  return { rate: done / SECONDS, cpu: ((processorTime(pid) - before) * 1e6) / done };
}

/** Of all threads of a process since it began, seconds. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function startBare(
  redisPort: number,
  replica: string,
  id: string,
): Promise<AsyncDisposable & Measured> {
  const program = join(packageRoot, 'bench', 'server', 'bareProgram.ts');
  const child = fork(program, [String(redisPort), replica, id], {
    execArgv: ['--import', 'tsx'],
    cwd: packageRoot,
  });
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
