import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { storeContract } from '../../contract/store.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const driver of availableDrivers()) {
  storeContract(`the embedded store on ${driver}`, async now => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const store = await openEmbeddedStore({
      path,
      clock: { now: () => now.ms },
      identity,
      sealer,
      logger: silent,
      driver,
    });
    return {
      ...store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  });
}
