import assert from 'node:assert/strict';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { openDriver } from '../../src/adapters/sqlite/openDriver.ts';
import { claude } from '../fixtures/callers.ts';
import { startEmbeddingServer } from '../fixtures/embeddingServer.ts';
import { openEngine } from '../fixtures/engine.ts';
import { addProgram, NVIDIA_WITHOUT_DRIVER, printing, searching } from '../fixtures/gpuTools.ts';
import { type OpenTools, openTools, refused } from '../fixtures/openTools.ts';
import { startRedis } from '../fixtures/redis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
}

async function checked(tools: OpenTools, only?: readonly string[]) {
  const { checks, status } = await tools.call('health_check', only ? { only } : {});
  const byName = Object.fromEntries((checks as Check[]).map(one => [one.name, one]));
  for (const { fix, status } of checks as Check[]) assert.equal(fix === undefined, status === 'ok');
  return { status, byName, names: Object.keys(byName) };
}

describe('health_check', () => {
  it('finds all well where it is, without Redis and without a GPU', async () => {
    await using tools = await openTools();
    await tools.call('store_memory', { content: 'Something to index' });
    const { byName, names } = await checked(tools);
    assert.deepEqual(names, ['store', 'embedding', 'index', 'backlog', 'room', 'gpu']);
    for (const name of ['store', 'embedding', 'index', 'backlog']) assert.equal(byName[name]?.status, 'ok');
    assert.match(byName['index']!.detail, /memories: 1\)/);
    const { blocks, bsize } = await statfs((await tools.engine.status()).store.location);
    assert.match(
      byName['room']!.detail,
      new RegExp(` of ${((blocks * bsize) / 2 ** 30).toFixed(1)} GiB are free`),
    );
    assert.match(await tools.text('health_check'), /^ok {3}store: .* is sound/);
  });

  it('runs some of the checks, and names them all to whoever asks for another', async () => {
    await using tools = await openTools();
    assert.deepEqual((await checked(tools, ['index', 'store'])).names, ['store', 'index']);
    await refused(tools.call('health_check', { only: ['weather'] }), 'invalid_input', /store, central/);
  });

  it('sees whether the central Redis answers', async () => {
    await using redis = await startRedis();
    await using tools = await openTools({ 'redis.url': redis.url, 'redis.deadlineMs': 500 });
    assert.match(
      (await checked(tools, ['central'])).byName['central']!.detail,
      /follows redis:.*0 writes wait/,
    );
    await redis.kill();
    await until(async () => (await checked(tools, ['central'])).status === 'fail');
    await tools.call('store_memory', { content: 'Stored on the way' });
    const { central } = (await checked(tools, ['central'])).byName;
    assert.match(central!.detail, /^offline: .*1 write waits on this machine/);
  });

  it('tries the embedding model anew each time', async () => {
    let well = true;
    await using server = await startEmbeddingServer({
      dimensions: 8,
      answer: response => {
        if (!well) response.writeHead(503).end('{}');
        return !well;
      },
    });
    await using tools = await openTools({
      'embedding.provider': 'openai',
      'embedding.baseUrl': server.baseUrl,
      'embedding.model': 'some-model',
    });
    assert.match(
      (await checked(tools, ['embedding'])).byName['embedding']!.detail,
      /some-model@\S+ works \(http\)/,
    );
    well = false;
    const { embedding } = (await checked(tools, ['embedding'])).byName;
    assert.equal(embedding!.status, 'warn');
    assert.match(embedding!.detail, /^recall is lexical only: /);
    await tools.call('store_memory', { content: 'It waits for its vector' });
    assert.match(
      (await checked(tools, ['backlog'])).byName['backlog']!.detail,
      /^1 memory waits for an embedding/,
    );
  });

  it('repairs an index that disagrees with the store', async () => {
    await using folder = await temporaryFolder();
    const off = { 'embedding.provider': 'off' };
    const notes = Array.from({ length: 600 }, (_, i) => ({ content: `note ${i}` }));
    {
      await using engine = await openEngine(folder.path, off);
      await engine.memories.store(notes, claude);
      await engine.saveIndex();
    }
    {
      // Behind the snapshot's back: the same places in the log, with another text.
      const database = await openDriver(join(folder.path, 'memory.db'));
      database.exec("UPDATE memories SET content = 'tampered ' || content WHERE num <= 3");
      database.close();
    }
    await using engine = await openEngine(folder.path, off);
    const found = [];
    for await (const one of engine.health.look(new AbortController().signal, ['index'])) found.push(one);
    assert.deepEqual(found, [
      {
        name: 'index',
        status: 'warn',
        detail: 'disagreed with the store and was rebuilt: 3 memories with wrong words',
        fix: 'Nothing is to be done; report it if it comes back.',
      },
    ]);
    const { memories } = await engine.recall.search(
      { text: 'tampered', limit: 10 },
      claude,
      new AbortController().signal,
    );
    assert.equal(memories.length, 3);
  });

  it('warns of a GPU whose driver is gone, and goes on', async () => {
    await using folder = await temporaryFolder();
    await addProgram(folder.path, 'nvidia-smi', `${printing(NVIDIA_WITHOUT_DRIVER)}\nexit 9`);
    await using tools = await searching(folder.path, () => openTools());
    const { gpu } = (await checked(tools, ['gpu'])).byName;
    assert.deepEqual(gpu!.status, 'warn');
    assert.match(gpu!.detail, /couldn't communicate with the NVIDIA driver/);
  });
});
