import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { node24 } from '../../fixtures/node24.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { startStoreProcess } from '../../fixtures/storeProcess.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

/** `CHAOS=full` is the long form: 8 × 500 writes, 50 kills. */
const full = process.env['CHAOS'] === 'full';
const PROCESSES = full ? 8 : 4;
const WRITES = full ? 500 : 60;
const KILLS = full ? 50 : 5;

const open = (path: string): Promise<Store> =>
  openEmbeddedStore({ path, clock: { now: () => Date.now() }, identity, sealer, logger: silent });

async function idsIn(store: Store): Promise<string[]> {
  const viewer = viewerOf(callerNamed('reader'));
  const ids: string[] = [];
  for (;;) {
    const { memories, total } = await store.memories.list({}, { limit: 1000, offset: ids.length }, viewer);
    ids.push(...memories.map(memory => memory.id));
    if (ids.length >= total) return ids.sort();
  }
}

describe('several processes on one file', function () {
  this.timeout(full ? 900_000 : 120_000);

  it(`lose and double nothing (${PROCESSES} × ${WRITES} writes, both drivers, starting at once)`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const newer = await node24();
    const writers = Array.from({ length: PROCESSES }, (_, i) =>
      startStoreProcess(path, `writer${i}`, WRITES, i % 2 === 0 ? process.execPath : newer),
    );
    for (const writer of writers) assert.equal(await writer.ended, 0);
    await using store = await open(path);
    const acknowledged = writers.flatMap(writer => writer.acknowledged).sort();
    assert.equal(acknowledged.length, PROCESSES * WRITES);
    assert.deepEqual(await idsIn(store), acknowledged);
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
  });

  it(`keep every acknowledged write through ${KILLS} kills at random moments`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const writers = ['a', 'b'].map(name => startStoreProcess(path, `${name}${round}`, 100_000));
      await Promise.all(writers.map(writer => writer.ready));
      await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 250));
      for (const writer of writers) writer.child.kill('SIGKILL');
      await Promise.all(writers.map(writer => writer.ended));
      acknowledged.push(...writers.flatMap(writer => writer.acknowledged));
    }
    await using store = await open(path);
    const kept = new Set(await idsIn(store));
    assert.ok(acknowledged.length > KILLS, `${acknowledged.length} acknowledged`);
    // The one that was being changed when its process died may be forgotten for the moment; it has its undo in the log.
    const missing = acknowledged.filter(id => !kept.has(id));
    const forgotten = await Promise.all(
      missing.map(id => store.operations.recent(1, viewerOf(callerNamed('reader')), { memoryId: id })),
    );
    assert.ok(
      forgotten.every(([last]) => last?.kind === 'delete'),
      `lost: ${missing}`,
    );
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
    await store.memories.insert([draft('after the storm')], callerNamed('reader'));
  });

  it('see each other’s writes', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    await using store = await open(path);
    const noticed = new Promise<void>(resolve => {
      const watching = store.operations.watch(() => {
        watching[Symbol.dispose]();
        resolve();
      });
    });
    const writer = startStoreProcess(path, 'other', 1);
    await noticed;
    await writer.ended;
    assert.deepEqual(await idsIn(store), ['other-0']);
  });
});
