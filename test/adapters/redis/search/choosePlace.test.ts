import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../../src/adapters/node/identity.ts';
import type { RedisOptions } from '../../../../src/adapters/redis/connectRedis.ts';
import { openEmbeddedStore } from '../../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { MemoryError } from '../../../../src/engine/errors.ts';
import type { MemoryIndex } from '../../../../src/engine/ports/memoryIndex.ts';
import type { Store } from '../../../../src/engine/ports/store.ts';
import type { AskedPlace } from '../../../../src/engine/search/server/choosePlace.ts';
import { query } from '../../../contract/memoryIndex.contract.ts';
import { listed } from '../../../fixtures/accessList.ts';
import { claude } from '../../../fixtures/callers.ts';
import { draft } from '../../../fixtures/drafts.ts';
import { silent } from '../../../fixtures/logger.ts';
import { openMachine } from '../../../fixtures/machine.ts';
import { freePort, type RedisServer, startRedis } from '../../../fixtures/redis.ts';
import { startRedisCluster } from '../../../fixtures/redisCluster.ts';
import { startRedisWithSearch } from '../../../fixtures/redisWithSearch.ts';
import { sealer } from '../../../fixtures/sealer.ts';
import { openSearchIndex, searchedOnServer } from '../../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

/** More than an index of 1 MB holds, without vectors. */
const MANY = 1_300;

describe('where is searched', function () {
  this.timeout(120_000);
  let able: RedisServer;
  let plain: RedisServer;
  let prefixes = 0;
  const opened: AsyncDisposable[] = [];

  before(async () => {
    [able, plain] = await Promise.all([startRedisWithSearch(), startRedis()]);
  });

  after(async () => {
    for (const one of [able, plain]) await one[Symbol.asyncDispose]();
  });

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
  });

  it('is the process while the index fits into the budget', async () => {
    const { index } = await open({ redis: { url: able.url } });
    await index.search(query('x'));
    const { place, problem, reason } = await index.place();
    assert.deepEqual([place, problem], ['process', undefined]);
    assert.match(reason, /search\.memoryMb/);
  });

  it('is the server beyond the budget, and this process keeps a few memories only', async () => {
    const { index, store } = await open({ redis: { url: able.url }, memoryMb: 1, many: true });
    await searchedOnServer(store, index);
    const { place, reason, server } = await index.place();
    assert.deepEqual([place, server?.documents], ['server', MANY]);
    assert.match(reason, /about 2 MB, of 1/);
    assert.equal((await index.search(query('note 7'))).length, 20);
  });

  it('is the process beyond the budget where the server cannot search, with a warning', async () => {
    const { index } = await open({ redis: { url: plain.url }, memoryMb: 1, many: true });
    assert.equal((await index.search(query('note 7'))).length, 20);
    const { place, problem } = await index.place();
    assert.equal(place, 'process');
    assert.match(problem ?? '', /2 MB, of 1 .*no Search/);
  });

  it('is the process where the setting says so, with a warning beyond the budget', async () => {
    const asked = { place: 'process', redis: { url: able.url }, memoryMb: 1, many: true } as const;
    const { index } = await open(asked);
    await index.search(query('note 7'));
    const { place, problem } = await index.place();
    assert.equal(place, 'process');
    assert.match(problem ?? '', /set search\.place to server/);
  });

  it('is not a server that cannot search, and says what to do', async () => {
    await using cluster = await startRedisCluster();
    for (const [redis, code, message] of [
      [{ url: plain.url }, 'unavailable', /no Search/],
      [{ clusterNodes: cluster.nodes }, 'invalid_input', /Cluster/],
      [{ url: `${able.url}/1` }, 'invalid_input', /database 0/],
    ] as const) {
      const { index } = await open({ redis, place: 'server' });
      await assert.rejects(
        index.search(query('x')),
        error =>
          MemoryError.is(error, code) && message.test(error.message) && /search\.place/.test(error.fix),
      );
      assert.match((await index.place()).problem ?? '', message);
      await assert.rejects(index.dropFromServer(), error => MemoryError.is(error, code));
    }
  });

  it('is no server that does not let this user search', async () => {
    await able.cli('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '&*', '+@all', '-ft._list');
    const redis = { url: able.url, username: 'reader', password: 'secret' };
    const { index } = await open({ redis, memoryMb: 1, many: true });
    assert.equal((await index.search(query('note 7'))).length, 20);
    const { place, problem } = await index.place();
    assert.equal(place, 'process');
    assert.match(problem ?? '', /does not let this user search/);
    const enough = [...(await listed('everybody')), ...(await listed('search'))];
    await able.cli('ACL', 'SETUSER', 'reader', '-@all', ...enough);
    const { index: other, store } = await open({ redis, place: 'server' });
    await searchedOnServer(store, other);
    assert.deepEqual((await other.dropFromServer()).length, 1);
  });

  it('is this machine, up to the budget, while the server is out of reach', async () => {
    const redis = { url: `redis://127.0.0.1:${await freePort()}` };
    const { index, store } = await open({ redis, memoryMb: 1, place: 'server', many: true });
    assert.ok((await index.search(query('note 7'))).length > 0);
    const told = async () => (await index.place()).problem;
    assert.ok((await told())?.includes('not listening'));
    assert.equal((await store.central!()).waiting, MANY);
  });

  it('is no server without a central Redis', async () => {
    await using folder = await temporaryFolder();
    await using store = await openEmbeddedStore({
      path: join(folder.path, 'memory.db'),
      ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
    });
    await assert.rejects(
      openSearchIndex(store, { folder: folder.path, place: 'server' }),
      error => MemoryError.is(error, 'invalid_input') && /REDIS_URL/.test(error.fix),
    );
    await using index = await openSearchIndex(store, { folder: folder.path });
    assert.equal((await index.place()).place, 'process');
    await assert.rejects(index.dropFromServer(), error => MemoryError.is(error, 'invalid_input'));
  });

  interface Opening {
    readonly redis: Partial<RedisOptions>;
    readonly place?: AskedPlace;
    readonly memoryMb?: number;
    /** More memories than fit into 1 MB. */
    readonly many?: boolean;
  }

  async function open({ many = false, redis, ...asked }: Opening): Promise<{
    readonly store: Store;
    readonly index: MemoryIndex;
  }> {
    const folder = await temporaryFolder();
    opened.push(folder);
    const prefix = `p${prefixes++}:`;
    const store = await openMachine({ path: join(folder.path, 'replica.db'), redis, prefix });
    opened.push(store);
    const notes = Array.from({ length: many ? MANY : 1 }, (_, i) => draft(`note ${i}`));
    await store.memories.insert(notes, claude);
    const index = await openSearchIndex(store, { folder: folder.path, model: null, ...asked });
    opened.push(index);
    return { store, index };
  }
});
