import { join } from 'node:path';
import { identity } from '../../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../../src/adapters/sqlite/openEmbeddedStore.ts';
import type { AskedPlace } from '../../../../src/engine/search/server/choosePlace.ts';
import { memoryIndexContract, NOW, type OpenedIndex } from '../../../contract/memoryIndex.contract.ts';
import { silent } from '../../../fixtures/logger.ts';
import { openMachine } from '../../../fixtures/machine.ts';
import type { RedisServer } from '../../../fixtures/redis.ts';
import { startRedisWithSearch } from '../../../fixtures/redisWithSearch.ts';
import { sealer } from '../../../fixtures/sealer.ts';
import { openSearchIndex, searchedOnServer } from '../../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

describe('one contract wherever is searched', () => {
  let redis: RedisServer;
  let prefixes = 0;

  before(async function () {
    this.timeout(120_000);
    redis = await startRedisWithSearch();
  });

  after(() => redis[Symbol.asyncDispose]());

  memoryIndexContract('an index of the process', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedStore({
      path: join(folder.path, 'memory.db'),
      ...{ clock: { now: () => NOW - 1 }, identity, sealer, logger: silent },
    });
    const index = await openSearchIndex(store, { folder: folder.path });
    return opened(store, index, folder, async () => {});
  });

  memoryIndexContract('an index of the process beside Redis', () => open('process'));
  memoryIndexContract('an index of the server', () => open('server'));

  async function open(place: AskedPlace): Promise<OpenedIndex> {
    const folder = await temporaryFolder();
    const store = await openMachine({
      path: join(folder.path, 'replica.db'),
      port: redis.port,
      prefix: `[s${prefixes++}]*:`,
      now: () => NOW - 1,
    });
    const index = await openSearchIndex(store, { folder: folder.path, place });
    return opened(store, index, folder, async () => {
      if (place === 'server') await searchedOnServer(store, index);
    });
  }
});

function opened(
  store: OpenedIndex['store'],
  index: OpenedIndex['index'],
  folder: AsyncDisposable,
  settle: () => Promise<void>,
): OpenedIndex {
  return {
    ...{ store, index, settle },
    async [Symbol.asyncDispose]() {
      for (const one of [index, store, folder]) await one[Symbol.asyncDispose]();
    },
  };
}
