import assert from 'node:assert/strict';
import fc from 'fast-check';
import { availableDrivers } from '../../../src/adapters/sqlite/openDriver.ts';
import { TASK_MACHINE } from '../../../src/engine/tasks/taskMachine.ts';
import { taskModelProperty } from '../../contract/taskModel.contract.ts';
import { openSqliteTasks } from '../../fixtures/openSqliteTasks.ts';

for (const driver of availableDrivers()) {
  describe(`the embedded TaskStore on ${driver}`, function () {
    this.timeout(300_000);

    it('does what the plainest model of the state machine does, whatever is asked of it', async () => {
      await fc.assert(
        taskModelProperty(() => openSqliteTasks(driver)),
        { numRuns: 40 },
      );
    });

    it('takes every step of the state machine then', async () => {
      const taken = new Set<string>();
      const property = taskModelProperty(() => openSqliteTasks(driver), taken);
      await fc.assert(property, { numRuns: 40, seed: 1 });
      assert.deepEqual([...taken].sort(), ['submit', ...Object.keys(TASK_MACHINE)].sort());
    });
  });
}
