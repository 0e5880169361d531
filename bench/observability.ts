import { createPlainTracing } from '../src/adapters/tracing/plainTracing.ts';
import { loadSettings } from '../src/config/loadSettings.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Caller } from '../src/engine/model/caller.ts';
import { createEngine } from '../src/main/createEngine.ts';
import { Observability } from '../src/main/observability/observability.ts';
import { restLimits } from '../src/main/restLimits.ts';
import { everybody } from '../src/surfaces/http/authenticate.ts';
import { requestRate } from '../src/surfaces/http/requestRate.ts';
import { type RestServer, startRestServer } from '../src/surfaces/rest/restServer.ts';
import { callToolsOn } from '../src/tools/callTool.ts';
import { silent } from '../test/fixtures/logger.ts';
import { temporaryFolder } from '../test/fixtures/temporaryFolder.ts';
import type { BenchResult } from './benchResult.ts';
import { recallQuestions, syntheticMemories } from './corpus.ts';
import { median } from './statistics.ts';

const MEMORIES = 5_000;
const BATCH = 100;
const CALLS = 1_000;
const SCRAPES = 100;
/** More than what a server differs from itself, from run to run. */
const NOISE = 1.1;

const caller: Caller = {
  principal: { id: 'bench@host/rest', client: 'rest' },
  instance: 'bench',
  namespace: 'shop',
};
const settings = loadSettings({ env: {}, folders: [], overrides: { 'embedding.provider': 'off' } });

/** What metrics, traces and the log of requests cost: recall and store over REST with them and without, by turns in one process; and a scrape. */
export async function observabilityBench(): Promise<BenchResult[]> {
  await using plainFolder = await temporaryFolder();
  await using watchedFolder = await temporaryFolder();
  const tracing = createPlainTracing();
  await using observability = new Observability(
    { settings, logger: silent, tracing, engine: async () => watched },
    undefined,
  );
  const { instruments } = observability;
  const open = { settings, logger: silent };
  await using plain = await createEngine({ ...open, dataDirectory: plainFolder.path });
  await using watched = await createEngine({ ...open, dataDirectory: watchedFolder.path, instruments });
  await using plainServer = await serve(plain);
  await using watchedServer = await serve(watched, observability);
  const memories = Array.from(syntheticMemories(MEMORIES + CALLS), ({ content }) => content);
  for (const engine of [plain, watched])
    for (let at = 0; at < MEMORIES; at += BATCH)
      await engine.memories.store(
        memories.slice(at, at + BATCH).map(content => ({ content })),
        caller,
      );
  const servers = [plainServer, watchedServer] as const;
  const questions = recallQuestions(CALLS);
  const recall = await compared(servers, 'semantic_search', i => ({ query: `${questions[i]} ${i}` }));
  const store = await compared(servers, 'store_memory', i => ({ content: memories[MEMORIES + i]! }));
  const scrapes: number[] = [];
  await observability.scrape();
  for (let i = 0; i < SCRAPES; i++) scrapes.push(await timed(() => observability.scrape()));
  const ratio = (what: string, value: number): BenchResult => ({
    name: `${what} over REST, watched beside not watched, p50`,
    value,
    unit: 'ratio',
    target: `<= ${NOISE}`,
    met: value <= NOISE,
  });
  return [
    ratio('a recall', recall),
    ratio('a store', store),
    {
      name: 'a scrape of an idle server, p50',
      value: median(scrapes),
      unit: 'ms',
      target: '<= 10',
      met: median(scrapes) <= 10,
    },
  ];
}

function serve(engine: Engine, observability?: Observability): Promise<RestServer> {
  const call = callToolsOn(async () => engine);
  return startRestServer(
    {
      ...{ authenticate: everybody, caller: () => caller, engine: async () => engine },
      ...{ host: '127.0.0.1', limits: restLimits(settings), logger: silent, version: '0.0.0' },
      rate: requestRate(settings['api.requestsPerMinute']),
      call: observability?.calls(call, 'rest') ?? call,
      watch: observability?.requests('rest'),
    },
    0,
  );
}

/** @returns how much longer the second server takes, as medians of calls by turns */
async function compared(
  servers: readonly [RestServer, RestServer],
  tool: string,
  inputOf: (i: number) => object,
): Promise<number> {
  const times: readonly [number[], number[]] = [[], []];
  for (let i = 0; i < CALLS; i++) {
    const body = JSON.stringify(inputOf(i));
    // Whoever comes second finds the processor's caches warm.
    for (const who of i % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const ask = async () => {
        const answer = await fetch(`${servers[who].url}/v1/tools/${tool}`, {
          ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
        });
        const text = await answer.text();
        if (!answer.ok) throw new Error(text);
      };
      times[who].push(await timed(ask));
    }
  }
  return median(times[1]) / median(times[0]);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
