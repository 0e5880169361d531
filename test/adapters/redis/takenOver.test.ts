import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { NewMemory } from '../../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('memories that a machine takes over as they are', () => {
  let redis: RedisServer;
  let count = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  /** The log is forgotten: whoever comes starts from the memories. */
  async function site(): Promise<Site> {
    const folder = await temporaryFolder();
    const line = await startLine(redis.port);
    const prefix = `t${count++}:`;
    const open = (name: string, port: number) =>
      openMachine({ path: join(folder.path, `${name}.db`), port, prefix });
    const desk = await open('desk', redis.port);
    return {
      ...{ desk, line },
      laptop: () => open('laptop', line.port),
      forget: async () => void (await redis.cli('XTRIM', `${prefix}operations`, 'MAXLEN', '0')),
      async keysOf(pattern) {
        const keys = (await redis.cli('KEYS', `${prefix}memory:${pattern}`)).split('\n').filter(Boolean);
        return keys.map(key => key.slice(prefix.length));
      },
      async [Symbol.asyncDispose]() {
        for (const one of [desk, line, folder]) await one[Symbol.asyncDispose]();
      },
    };
  }

  it('may say in private what another says in public, and have its id in another system', async () => {
    await using here = await site();
    const { desk } = here;
    await store(desk, 'first', { id: 'public-1', externalId: 'e1' });
    await store(desk, 'second', { id: 'public-2', externalId: 'e2' });
    // One memory, what two others have.
    await store(desk, 'second', { id: 'private-2', visibility: 'private', externalId: 'e1' });
    await store(desk, 'first', { id: 'private-1', visibility: 'private', externalId: 'e3' });
    await here.forget();
    await using laptop = await here.laptop();
    assert.deepEqual(await memoriesOf(laptop), await memoriesOf(desk));
    assert.equal((await laptop.report()).central?.problem, undefined);
  });

  it('may have got text and id in another system of two that were here', async () => {
    await using here = await site();
    const { desk, line } = here;
    await store(desk, 'first', { id: 'a', externalId: 'e1' });
    await store(desk, 'second', { id: 'b', externalId: 'e2' });
    await using laptop = await here.laptop();
    await memoriesOf(laptop);
    await line.cut();
    await desk.memories.remove(['a', 'b'], claude);
    await store(desk, 'first', { id: 'both', externalId: 'e2' });
    for (const id of ['a', 'b']) await store(desk, `${id} anew`, { id });
    await here.forget();
    await line.mend();
    await settled(laptop);
    assert.deepEqual(await memoriesOf(laptop), await memoriesOf(desk));
  });

  it('keep to themselves whatever their ids end in', async () => {
    await using here = await site();
    const { desk } = here;
    const ids = ['m', 'm:versions', 'm:vectors', 'm:versions:', 'm:vectors:versions'];
    for (const id of ids) await store(desk, `text of ${id}`, { id });
    for (const id of ids) await desk.memories.update(id, { content: `second text of ${id}` }, claude);
    await embed(desk, ['m', 'm:vectors']);
    assert.equal((await here.keysOf('*:vectors')).length, 2);
    await desk.memories.update('m:vectors', { sensitive: true }, claude);
    assert.deepEqual(await here.keysOf('*:vectors'), ['memory:m:vectors']);
    await desk.memories.update('m', { sensitive: true }, claude);
    assert.deepEqual(await here.keysOf('*:vectors'), []);
    await here.forget();
    await using laptop = await here.laptop();
    assert.deepEqual(await memoriesOf(laptop), await memoriesOf(desk));
    const { total } = await laptop.memories.list({}, { limit: 10, offset: 0 }, viewerOf(claude));
    assert.equal(total, ids.length);
  });

  it('are all there at the first read where only the oldest entries of the log were written anew', async () => {
    await using here = await site();
    const { desk } = here;
    await store(desk, 'of the sensitive', { id: 's' });
    await desk.memories.update('s', { sensitive: true }, claude);
    await store(desk, 'of the last', { id: 'last' });
    await here.forget();
    await using laptop = await here.laptop();
    const { total } = await laptop.memories.list({}, { limit: 10, offset: 0 }, viewerOf(claude));
    assert.equal(total, 2);
    assert.deepEqual(await memoriesOf(laptop), await memoriesOf(desk));
  });
});

interface Site extends AsyncDisposable {
  readonly desk: Store;
  readonly line: Line;
  /** On the line. */
  laptop(): Promise<Store>;
  forget(): Promise<void>;
  /** Of memories. */
  keysOf(pattern: string): Promise<string[]>;
}

async function store(machine: Store, content: string, fields: Partial<NewMemory>): Promise<void> {
  await machine.memories.insert([draft(content, fields)], claude);
}

async function embed(machine: Store, ids: readonly string[]): Promise<void> {
  const pending = (await machine.embeddings.pending('model', 10)).filter(({ id }) => ids.includes(id));
  const vector = new Float32Array([0.6, 0.8]);
  await machine.embeddings.put(
    'model',
    vector.length,
    pending.map(({ num, contentHash }) => ({ num, contentHash, vector })),
  );
}
