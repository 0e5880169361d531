import assert from 'node:assert/strict';
import { join } from 'node:path';
import { taskChaos } from '../../fixtures/taskChaos.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

/** `CHAOS=full` is the long form: 8 processes, 2,000 and 10,000 tasks. */
const full = process.env['CHAOS'] === 'full';
const WORKERS = full ? 8 : 4;

describe('tasks of several processes on one file', function () {
  this.timeout(full ? 1_800_000 : 180_000);

  it('are each done once, however many want them', async () => {
    await using folder = await temporaryFolder();
    const place = join(folder.path, 'memory.db');
    const tasks = full ? 2_000 : 200;
    const { completed, dead, blocked } = await taskChaos({
      place,
      workers: WORKERS,
      tasks,
      seed: 7,
      calm: true,
    });
    assert.equal(completed + dead + blocked, tasks);
  });

  it('are each done once, whoever is killed or stopped', async () => {
    await using folder = await temporaryFolder();
    const place = join(folder.path, 'memory.db');
    const tasks = full ? 10_000 : 300;
    const summary = await taskChaos({ place, workers: WORKERS, tasks, seed: 20_261_121 });
    assert.equal(summary.completed + summary.dead + summary.blocked, tasks);
    assert.ok(summary.kills + summary.stops > 0);
    if (full) assert.ok(summary.lost > 0 && summary.stale > 0, JSON.stringify(summary));
  });
});
