import assert from 'node:assert/strict';
import { join } from 'node:path';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { CentralLog } from '../../../src/engine/ports/centralLog.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const viewer = viewerOf(claude);
/** More than is fetched at once. */
const MANY = 1_200;

describe('a machine that is far behind', () => {
  for (const [how, keptEntries] of [
    ['entry by entry', MANY],
    ['by the memories as they are', 1],
  ] as const) {
    it(`answers and stores while it gets level ${how}, says so, and is whole in the end`, async () => {
      await using folder = await temporaryFolder();
      await using redis = await startRedis();
      const { port } = redis;
      await using desk = await openMachine({ path: join(folder.path, 'desk.db'), port, keptEntries });
      for (let i = 0; i < MANY; i += 100)
        await desk.memories.insert(
          Array.from({ length: 100 }, (_, j) => draft(`note ${i + j}`)),
          claude,
        );
      if (keptEntries === 1) await redis.cli('XTRIM', 'operations', 'MAXLEN', '1');
      let open!: () => void;
      const gate = new Promise<void>(resolve => {
        open = resolve;
      });
      await using laptop = await openMachine({
        ...{ path: join(folder.path, 'laptop.db'), port, deadlineMs: 1_000 },
        wrap: log => stopping(log, gate),
      });
      const { total } = await laptop.memories.list({}, { limit: 1, offset: 0 }, viewer);
      assert.ok(total < MANY, `${total} are there`);
      await laptop.memories.insert([draft('stored meanwhile', { id: 'm' })], claude);
      const { central } = await laptop.report();
      assert.match(central?.problem ?? '', /still catching up/);
      assert.equal(central?.waiting, 1);
      open();
      await settled(laptop);
      assert.equal((await laptop.memories.list({}, { limit: 1, offset: 0 }, viewer)).total, MANY + 1);
      assert.deepEqual(await memoriesOf(laptop), await memoriesOf(desk));
    });
  }
});

/** The log, of which the second part is given when the gate opens. */
function stopping(log: CentralLog, gate: Promise<void>): CentralLog {
  let asked = 0;
  const held = async () => {
    if (asked++ > 0) await gate;
  };
  const { after, statesAfter } = log;
  return Object.assign(log, {
    async after(...args: Parameters<CentralLog['after']>) {
      const found = await after.apply(log, args);
      // A log that is trimmed gives its states instead.
      if (found) await held();
      return found;
    },
    async statesAfter(...args: Parameters<CentralLog['statesAfter']>) {
      await held();
      return statesAfter.apply(log, args);
    },
  });
}
