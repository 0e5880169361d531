import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { identity } from '../../../src/adapters/node/identity.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { storeModelProperty } from '../../contract/storeModel.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

for (const driver of availableDrivers()) {
  describe(`the embedded store on ${driver}`, function () {
    this.timeout(120_000);

    it('does what the plainest model does, whatever is asked of it', async () => {
      await using folder = await temporaryFolder();
      let file = 0;
      const create = () =>
        openEmbeddedStore({
          path: join(folder.path, `${file++}.db`),
          clock: { now: () => Date.now() },
          identity,
          sealer,
          logger: silent,
          driver,
        });
      await fc.assert(storeModelProperty(create), { numRuns: 100 });
      assert.ok(file >= 100);
    });
  });
}
