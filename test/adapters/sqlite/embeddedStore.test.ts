import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { reviewsContract } from '../../contract/reviews.contract.ts';
import { storeContract } from '../../contract/store.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const driver of availableDrivers()) {
  storeContract(`the embedded store on ${driver}`, async now => open(() => now.ms));
  reviewsContract(`the embedded store on ${driver}`, async () => open(() => Date.now(), true));

  async function open(now: () => number, reviewedOnly = false) {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const store = await openEmbeddedStore({
      path,
      ...{ clock: { now }, identity, sealer, logger: silent, driver, reviewedOnly },
    });
    return {
      ...store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  }
}
