import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { connect } from '../../../src/adapters/sqlite/connect.ts';
import { migrate } from '../../../src/adapters/sqlite/migrations.ts';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { changeOf } from '../../../src/adapters/sqlite/replica/travelling.ts';
import { writeState } from '../../../src/adapters/sqlite/replica/writeState.ts';
import { Vault } from '../../../src/adapters/sqlite/vault.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { watchStatements } from '../../fixtures/watchStatements.ts';

for (const driver of availableDrivers()) {
  describe(`a memory that is taken over from another machine, on ${driver}`, () => {
    it('is written without a search through its namespace', async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'theirs.db');
      const options = { clock: { now: Date.now }, identity, sealer, logger: silent, driver };
      await using theirs = await openEmbeddedStore({ path, ...options });
      await theirs.memories.insert(
        [
          draft('Cards are never charged twice.', { externalId: 'a', tags: ['cards'] }),
          draft('Orders wait.'),
        ],
        claude,
      );
      const from = await connect(path, driver, 5_000);
      const changes = from.all('SELECT * FROM operations').map(row => changeOf(from, row));
      from.close();
      const database = await connect(join(folder.path, 'ours.db'), driver, 5_000);
      await migrate(database, identity.newId, Date.now);
      const plans = watchStatements(database);
      let seq = 0;
      for (const { state } of changes)
        writeState({ database, vault: new Vault(database, sealer, silent) }, state, [], () => ++seq);
      const searched = plans().filter(({ plan }) =>
        /SCAN memor|memories USING INDEX \w+ \(namespace=\?\)/.test(plan),
      );
      database.close();
      assert.equal(changes.length, 2);
      assert.deepEqual(searched, []);
    });
  });
}
