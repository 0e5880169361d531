import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../../src/main/assets.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { never } from '../../../fixtures/engine.ts';
import { pythonEnvironment } from '../../../fixtures/pythonEnvironment.ts';
import { type RedisServer, startRedis } from '../../../fixtures/redis.ts';
import { restMemory } from '../../../fixtures/restMemory.ts';

const run = promisify(execFile);
const SCRIPT = join(packageRoot, 'test', 'fixtures', 'agentMemoryClient.py');

/** What the script tries, in its order. */
const PARTS = {
  health: 'asks for the health',
  working_memory: 'puts, reads, extends and sizes what a conversation holds',
  sessions: 'lists and deletes sessions',
  promotion: 'finds what a conversation remembered in the long-term memory',
  records: 'gets every field of a record back, and edits and deletes it',
  deduplication: 'keeps equal records once, but of each user and session',
  filters: 'finds what each filter allows, with and without a text',
  tenants: 'finds nothing of another namespace where its own has nothing',
  paging: 'pages through all that match',
  modes: 'searches by meaning, by words and by both',
  recency: 'ranks by age where that is asked for',
  forgetting: 'forgets by policy, after a dry run',
  prompts: 'has a question made a prompt of what is remembered',
  without_a_model: 'is told what there is no language model for',
  tool_calls: 'works through the tools that it offers models',
  compaction: 'has near-duplicates merged',
  forms: 'is told what is wrong with a request',
};

type Results = ReadonlyMap<string, string | null>;

describe('the official client of agent memory servers', function () {
  this.timeout(240_000);
  let python: string;
  let redis: RedisServer;

  before(async () => {
    python = pythonEnvironment('agent-memory-python', [
      ...['agent-memory-client==0.14.0', 'httpx==0.28.1', 'pydantic==2.14.3', 'python-ulid==4.1.0'],
    ]);
    redis = await startRedis();
  });

  after(() => redis[Symbol.asyncDispose]());

  for (const [place, settings] of [
    ['an embedded store', () => ({})],
    ['a central Redis', () => ({ 'redis.url': redis.url })],
  ] as const)
    describe(`on ${place}`, () => {
      let results: Results;

      before(async () => {
        await using memory = await restMemory({
          settings: { 'embedding.provider': 'local', 'compaction.unreviewed': true, ...settings() },
          caller: client => callerNamed(client, 'server'),
        });
        const watch = createServer((_, response) => {
          void memory.engine.settled(never).then(() => response.end());
        }).listen(0, '127.0.0.1');
        await once(watch, 'listening');
        const settled = `http://127.0.0.1:${(watch.address() as AddressInfo).port}`;
        results = await tried(python, memory.server.url, settled);
        watch.close();
      });

      for (const [part, does] of Object.entries(PARTS))
        it(does, () => {
          assert.ok(results.has(part), `${part} was tried`);
          assert.equal(results.get(part), null);
        });

      it('tried nothing else', () => {
        assert.deepEqual([...results.keys()], Object.keys(PARTS));
      });
    });
});

async function tried(python: string, ...urls: readonly string[]): Promise<Results> {
  const { stdout } = await run(python, [SCRIPT, ...urls], { maxBuffer: 2 ** 26 });
  const lines = stdout.trim().split('\n');
  return new Map(
    lines.map(line => JSON.parse(line)).map(({ part, error }) => [part as string, error as string | null]),
  );
}
