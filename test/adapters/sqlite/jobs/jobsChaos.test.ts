import assert from 'node:assert/strict';
import { join } from 'node:path';
import { heldUpWorkerContract } from '../../../contract/heldUpWorker.contract.ts';
import { jobChaos } from '../../../fixtures/jobChaos.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const FULL = process.env['CHAOS'] === 'full';
const chaos = FULL
  ? { workers: 4, jobs: 800, kills: 60, poison: true }
  : { workers: 2, jobs: 60, kills: 4, poison: false };

heldUpWorkerContract('jobs in a file', async () => {
  const folder = await temporaryFolder();
  return {
    place: join(folder.path, 'jobs.db'),
    [Symbol.asyncDispose]: async () => folder[Symbol.asyncDispose](),
  };
});

describe('jobs in a file, whose workers are killed', function () {
  this.timeout(FULL ? 600_000 : 60_000);

  it('are all done, and what they leave is there once', async () => {
    await using folder = await temporaryFolder();
    const { jobs } = await jobChaos({ ...chaos, place: join(folder.path, 'jobs.db'), seed: 1 });
    assert.ok(jobs > 0);
  });
});
