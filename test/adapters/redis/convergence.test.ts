import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { MemoryError } from '../../../src/engine/errors.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { MemoryPatch } from '../../../src/engine/model/memory.ts';
import type { CentralLog } from '../../../src/engine/ports/centralLog.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine, settled, shownBy } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const MACHINES = 3;
const RUNS = Number(process.env['CHAOS'] === 'full' ? 500 : 25);
const viewer = viewerOf(claude);

const machine = fc.nat({ max: MACHINES - 1 });
/** Few, so that they meet. */
const id = fc.constantFrom('a', 'b', 'c', 'd');
const tags = fc.subarray(['x', 'y', 'z']);
const content = fc.constantFrom('one', 'two', 'three', 'four', 'five');
const patch = fc
  .record(
    {
      content,
      tags,
      visibility: fc.constantFrom('public' as const, 'private' as const),
      priority: fc.constantFrom('low' as const, 'high' as const),
      sensitive: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .filter(given => Object.keys(given).length > 0);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), machine, id, content, tags }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('update' as const), machine, id, patch }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), machine, id }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), machine }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cut' as const), machine }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mend' as const), machine }) },
);

/** Another machine has one of the contents by then; what came after it, on the same memory, still counts. */
const AFTER_A_REFUSED_ONE: readonly Step[] = [
  { kind: 'cut', machine: 0 },
  { kind: 'insert', machine: 0, id: 'c', content: 'one', tags: [] },
  { kind: 'update', machine: 0, id: 'c', patch: { content: 'five' } },
  { kind: 'update', machine: 0, id: 'c', patch: { content: 'two' } },
  { kind: 'insert', machine: 1, id: 'a', content: 'five', tags: [] },
  { kind: 'undo', machine: 0 },
];

describe('machines that come and go', function () {
  this.timeout(600_000);
  let redis: RedisServer;
  let runs = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  it('show the same in the end, and nothing that was acknowledged is lost', async () => {
    await using folder = await temporaryFolder();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async steps => {
        const prefix = `c${runs++}:`;
        const clock = { ms: 1_000_000 };
        const switches: Switch[] = [];
        const machines: Store[] = [];
        for (let i = 0; i < MACHINES; i++) {
          const path = join(folder.path, `${prefix}${i}.db`.replace(':', '-'));
          const given = { path, port: redis.port, prefix, now: () => clock.ms };
          machines.push(await openMachine({ ...given, wrap: log => withSwitch(log, switches) }));
        }
        const said = new Set<string>();
        for (const one of steps) {
          clock.ms += 10;
          const store = machines[one.machine]!;
          const line = switches[one.machine]!;
          if (one.kind === 'cut') line.cut = true;
          else if (one.kind === 'mend') await line.mend();
          else await act(store, one, said);
        }
        for (const line of switches) await line.mend();
        for (const store of machines) await settled(store);
        const [first, ...others] = await Promise.all(machines.map(shownBy));
        for (const other of others) assert.deepEqual(other, first);
        const written = new Set(
          (await machines[0]!.operations.recent(10_000, viewer)).map(({ patch: given }) => given.content),
        );
        assert.deepEqual(
          [...said].filter(text => !written.has(text)),
          [],
        );
        for (const store of machines) {
          assert.deepEqual((await store.report({ integrity: true })).problems, []);
          await store[Symbol.asyncDispose]();
        }
      }),
      { numRuns: RUNS, examples: [[AFTER_A_REFUSED_ONE]] },
    );
  });
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** @param said takes the texts that were acknowledged */
async function act({ memories, operations }: Store, one: Step, said: Set<string>): Promise<void> {
  try {
    if (one.kind === 'insert') {
      await memories.insert([draft(one.content, { id: one.id, tags: one.tags })], claude);
      said.add(one.content);
    } else if (one.kind === 'update') {
      await memories.update(one.id, one.patch as MemoryPatch, claude);
      if (one.patch.content) said.add(one.patch.content);
    } else if (one.kind === 'remove') {
      await memories.remove([one.id], claude);
    } else {
      const [last] = await operations.recent(1, viewer);
      if (last) await memories.undo(last.id, claude);
    }
  } catch (error) {
    // What does not exist, or is there already, is refused here and now.
    if (!MemoryError.is(error, 'not_found') && !MemoryError.is(error, 'conflict')) throw error;
  }
}

interface Switch {
  cut: boolean;
  mend(): Promise<void>;
}

/** A log that can be out of reach, without the waits of a real network. */
function withSwitch(log: CentralLog, switches: Switch[]): CentralLog {
  let notice: (() => void) | undefined;
  const line: Switch = {
    cut: false,
    async mend() {
      line.cut = false;
      notice?.();
    },
  };
  switches.push(line);
  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    if (line.cut) throw new MemoryError('unavailable', 'The line is cut.', 'Mend it.');
    return work();
  };
  return {
    address: log.address,
    now: () => through(() => log.now()),
    id: () => through(() => log.id()),
    keptId: () => through(() => log.keptId()),
    head: () => through(() => log.head()),
    append: (changes, position) => through(() => log.append(changes, position)),
    after: (position, limit) => through(() => log.after(position, limit)),
    holds: (position, id) => through(() => log.holds(position, id)),
    countAccesses: (counted, from) => through(() => log.countAccesses(counted, from)),
    vectors: (model, ids) => through(() => log.vectors(model, ids)),
    offerVectors: (model, vectors) => through(() => log.offerVectors(model, vectors)),
    statesAfter: (position, limit) => through(() => log.statesAfter(position, limit)),
    watch(_position, onChange) {
      notice = onChange;
      return { [Symbol.dispose]: () => {} };
    },
    [Symbol.dispose]: () => log[Symbol.dispose](),
  };
}
