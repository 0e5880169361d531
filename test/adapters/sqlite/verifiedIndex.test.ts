import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { verifiedIndexContract } from '../../contract/verifiedIndex.contract.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';

verifiedIndexContract('the embedded store', folder =>
  openEmbeddedStore({
    path: join(folder, 'memory.db'),
    ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
  }),
);
