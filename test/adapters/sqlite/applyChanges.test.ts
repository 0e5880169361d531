import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { applyChangesContract } from '../../contract/applyChanges.contract.ts';
import { type BatchProcess, holdsWholeBatches, startBatchProcess } from '../../fixtures/batchProcess.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

applyChangesContract('the embedded store', async () => {
  const folder = await temporaryFolder();
  const options = {
    path: join(folder.path, 'memory.db'),
    ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
  };
  // As two processes have it.
  const [writer, reader] = [await openEmbeddedStore(options), await openEmbeddedStore(options)];
  return {
    ...{ reader, writer },
    async [Symbol.asyncDispose]() {
      for (const one of [writer, reader, folder]) await one[Symbol.asyncDispose]();
    },
  };
});

describe('changes that are done together in the embedded store', function () {
  this.timeout(120_000);

  it('are whole or not there when their process is killed at a random moment', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const all: BatchProcess[] = [];
    for (let round = 0; round < 4; round++) {
      const writers = ['a', 'b'].map(name => startBatchProcess(path, `${name}${round}`));
      await until(() => writers.every(({ acknowledged }) => acknowledged > 2));
      await sleep(Math.random() * 60);
      for (const writer of writers) await writer.kill();
      all.push(...writers);
    }
    await using store = await openEmbeddedStore({
      path,
      ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
    });
    for (const writer of all) await holdsWholeBatches(store, writer);
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
  });
});
