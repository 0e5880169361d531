import assert from 'node:assert/strict';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { DashboardSource } from '../../../src/surfaces/editor/engine/dashboardSource.ts';
import { sampleShape } from '../../../src/surfaces/editor/webviews/messages/dashboardProtocol.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { callerNamed, sessionOf } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { addProgram, NVIDIA_QUERY, printing } from '../../fixtures/gpuTools.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const window = sessionOf(callerNamed('vscode'));
const claude = sessionOf(callerNamed('claude-code'));

async function opened(overrides: Readonly<Record<string, unknown>> = {}) {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, { 'embedding.provider': 'off', ...overrides });
  const source = new DashboardSource(engine);
  const call = callToolsOn(async () => engine);
  return {
    ...{ engine, source, call },
    sample: (everywhere = false, caller: Caller = window) => source.sample({ caller, everywhere }),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('DashboardSource', function () {
  this.timeout(30_000);

  it('tells of an empty memory that nothing is there, in the shape that the page takes', async () => {
    await using one = await opened();
    const sample = await one.sample();
    assert.deepEqual(sampleShape.parse(structuredClone(sample)), sampleShape.parse(sample));
    assert.equal(sample.namespace, 'shop');
    assert.equal(sample.memories.value?.total, 0);
    assert.deepEqual(sample.memories.value?.storedByDay, new Array(14).fill(0));
    assert.deepEqual(sample.agents.value, []);
    const { byState, trend } = sample.tasks.value!;
    assert.ok(Object.values(byState).every(count => count === 0));
    assert.deepEqual(trend.completed, new Array(24).fill(0));
    const { embedding, latency } = sample.status.value!;
    assert.deepEqual([embedding.status, embedding.model], ['off', null]);
    assert.deepEqual(latency.search, { count: 0, p50Ms: 0, p95Ms: 0 });
  });

  it('leaves the page whole where another program got a figure wrong', async () => {
    await using one = await opened();
    const { id } = await one.engine.agents.acting(undefined, 'shop', claude);
    await one.engine.agents.heartbeat(id, { load: 250 }, 'shop', claude);
    const told = sampleShape.parse(await one.sample()).agents.value;
    assert.deepEqual(
      told?.map(({ load }) => load),
      [1],
    );
  });

  it('tells what was stored, asked and done', async () => {
    await using one = await opened();
    const { engine } = one;
    await one.call('store_memory', { content: 'Retries are five.', pinned: true }, window);
    for (let i = 0; i < 3; i++) await one.call('semantic_search', { query: 'retries' }, window);
    for (const title of ['done', 'broken', 'held']) await engine.tasks.submit({ title }, window);
    const claimed = await engine.tasks.claim({ namespace: 'shop', limit: 3 }, claude);
    const idOf = (title: string) => claimed.find(({ task }) => task.title === title)!.task.id;
    await engine.tasks.complete({ id: idOf('done') }, {}, {}, claude);
    await engine.tasks.fail({ id: idOf('broken') }, { reason: 'no', retryable: false }, claude);
    const { agents, caches, memories, status, tasks } = await one.sample();
    assert.deepEqual([memories.value?.total, memories.value?.pinned], [1, 1]);
    assert.equal(memories.value?.storedByDay.at(-1), 1);
    assert.equal(status.value?.latency.search.count, 3);
    assert.equal(caches.find(({ name }) => name === 'responses')?.hits, 2);
    assert.deepEqual([tasks.value?.completed, tasks.value?.died], [1, 1]);
    assert.deepEqual([tasks.value?.byState['leased'], tasks.value?.byState['dead']], [1, 1]);
    assert.deepEqual([tasks.value?.trend.completed.at(-1), tasks.value?.trend.dead.at(-1)], [1, 1]);
    const worker = agents.value?.find(({ id }) => id === engine.agents.idOf(claude));
    assert.deepEqual([worker?.presence, worker?.tasks], ['online', 1]);
  });

  it('keeps to the namespace of the window unless it is asked for all', async () => {
    await using one = await opened();
    const elsewhere = sessionOf(callerNamed('codex', 'bank'));
    await one.call('store_memory', { content: 'Of the bank.' }, elsewhere);
    await one.engine.tasks.submit({ title: 'of the bank' }, elsewhere);
    const [here, all] = [await one.sample(), await one.sample(true)];
    assert.deepEqual([here.memories.value?.total, all.memories.value?.total], [0, 1]);
    assert.deepEqual([here.tasks.value?.byState['ready'], all.tasks.value?.byState['ready']], [0, 1]);
    assert.deepEqual([here.agents.value?.length, all.agents.value?.length], [0, 1]);
  });

  it('tells nobody what is private to another', async () => {
    await using one = await opened();
    await one.call('store_memory', { content: 'Mine alone.', visibility: 'private' }, claude);
    assert.equal((await one.sample()).memories.value?.total, 0);
    assert.equal((await one.sample(false, claude)).memories.value?.total, 1);
  });

  it('shows the GPUs that the tools of this machine tell of', async () => {
    await using folder = await temporaryFolder();
    await addProgram(folder.path, 'nvidia-smi', printing(NVIDIA_QUERY));
    const before = process.env['PATH'];
    process.env['PATH'] = folder.path;
    const opening = opened();
    await using one = await opening.finally(() => {
      process.env['PATH'] = before;
    });
    const { gpus } = sampleShape.parse(await one.sample()).devices;
    assert.deepEqual(
      gpus.map(({ name, busyPercent }) => [name, busyPercent]),
      [
        ['NVIDIA H200', 37],
        ['NVIDIA GeForce GT 1030', undefined],
      ],
    );
  });

  it('says why, where the central Redis is away, and goes on with all else', async () => {
    const redis = await startRedis();
    await using one = await opened({ 'redis.url': redis.url });
    await one.call('store_memory', { content: 'Before.' }, window);
    assert.equal((await one.sample()).tasks.value?.completed, 0);
    await redis[Symbol.asyncDispose]();
    await one.call('store_memory', { content: 'Meanwhile.' }, window);
    let sample = await one.sample();
    await until(async () => {
      sample = await one.sample();
      return sample.tasks.problem !== undefined && sample.status.value?.store.central?.waiting === 1;
    });
    assert.ok(sample.tasks.problem!.fix.length > 0 && sample.agents.problem !== undefined);
    assert.ok(sample.status.value!.store.central!.problem!.length > 0);
    await until(async () => (await one.sample()).memories.value?.total === 2);
  });
});
