import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../src/engine/engine.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { never, openEngine } from '../../fixtures/engine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { type Program, startProgram } from '../../fixtures/startProgram.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const ROUNDS = process.env['CHAOS'] === 'full' ? 20 : 2;
const GROUPS = 24;
const ENTRIES = 500;
const person = { ...editor, person: true };
const upkeep = { principal: { id: 'upkeep', client: 'upkeep' }, instance: 'test', namespace: 'global' };
const FIRST = { limit: 1000, offset: 0, order: 'oldest' as const };

interface Opened extends AsyncDisposable {
  readonly engine: Engine;
  start(what: string): Program;
}

async function openWith(settings: Readonly<Record<string, unknown>>): Promise<Opened> {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, settings);
  return {
    engine,
    start: what => startProgram('upkeepProcess', [what, folder.path, JSON.stringify(settings)], () => {}),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** @param begun resolves once it has done something */
async function kill({ child, ended }: Program, begun: () => Promise<boolean>): Promise<void> {
  await until(async () => child.exitCode !== null || (await begun()));
  await sleep(Math.random() * 40);
  child.kill('SIGKILL');
  await ended;
}

function survives(open: (settings: Readonly<Record<string, unknown>>) => Promise<Opened>): void {
  it('has merged each group whole or not at all', async () => {
    await using opened = await open({ 'embedding.provider': 'local' });
    const { engine, start } = opened;
    const number = (i: number) =>
      `${['red', 'blue', 'green'][i % 3]} ${String.fromCharCode(97 + (i % 26))}${i}`;
    const texts = Array.from(
      { length: GROUPS },
      (_, i) => `The lamp of room ${number(i)} is kept in store ${i}`,
    );
    for (const text of texts)
      await engine.memories.store(
        [text, text.toUpperCase(), text.replace('The', 'the')].map((content, i) => ({
          content,
          tags: [`t${i}`],
        })),
        person,
      );
    await engine.settled(never);
    const merges = () => engine.upkeep.merges.list(undefined, 1000, person);
    const looksWhole = async () => {
      const { memories } = await engine.memories.list({}, FIRST, person);
      for (const text of texts) {
        const left = memories.filter(one => one.content.toLowerCase() === text.toLowerCase());
        const tags = left.map(one => one.tags.length);
        assert.ok(
          left.length === 3 ? tags.every(n => n === 1) : left.length === 1 && tags[0] === 3,
          `${text}: ${tags}`,
        );
      }
    };
    for (let round = 0; round < ROUNDS; round++) {
      const before = (await merges()).length;
      await kill(start('compaction'), async () => (await merges()).length > before);
      await looksWhole();
    }
    // Two at once merge once.
    const request = { dryRun: false, everybody: true };
    await Promise.all([start('compaction').ended, engine.upkeep.compaction.run(request, upkeep, never)]);
    await engine.upkeep.compaction.run(request, upkeep, never);
    await looksWhole();
    assert.equal((await merges()).length, GROUPS);
    const { total } = await engine.memories.list({}, FIRST, person);
    assert.equal(total, GROUPS);
  });

  it('has learnt each entry once', async () => {
    await using opened = await open({ 'embedding.provider': 'off' });
    const { engine, start } = opened;
    const entry = {
      ...{ sessionId: '', toolUsed: 'bash', toolArgs: '{}', result: '', success: true },
      ...{ durationMs: 1, node: '' },
    };
    await engine.records.learning.append(
      Array.from({ length: ENTRIES }, (_, i) => ({ ...entry, userQuery: `Question ${i}` })),
    );
    const learnt = () => engine.memories.list({ namespaces: ['learning'] }, FIRST, claude);
    for (let round = 0; round < ROUNDS; round++) {
      const { total } = await learnt();
      await kill(start('learning'), async () => (await learnt()).total > total);
    }
    await engine.upkeep.learning.run({ consumer: 'last', abandonedMs: 0 }, upkeep, never);
    const { memories, total } = await learnt();
    assert.equal(total, ENTRIES);
    assert.equal(new Set(memories.map(one => one.content)).size, ENTRIES);
    assert.ok(memories.every(one => one.accessCount === 0 && one.version === 1));
    assert.equal((await engine.records.learning.size()).pending.training_pipeline, 0);
  });
}

describe('upkeep that is killed', function () {
  this.timeout(120_000);

  describe('on a file', () => survives(openWith));

  describe('on a central Redis', () => {
    let redis: RedisServer;
    let prefixes = 0;
    before(async () => {
      redis = await startRedis();
    });
    after(() => redis[Symbol.asyncDispose]());
    survives(settings =>
      openWith({ ...settings, 'redis.url': redis.url, 'redis.prefix': `k${prefixes++}:` }),
    );
  });
});
