import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { filesHolding } from '../../fixtures/filesHolding.ts';
import { silent } from '../../fixtures/logger.ts';
import { node24 } from '../../fixtures/node24.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { startStoreProcess } from '../../fixtures/storeProcess.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

/** `CHAOS=full` is the long form. */
const full = process.env['CHAOS'] === 'full';
const KILLS = full ? 50 : 3;
const WRITES = full ? 200 : 20;
const viewer = viewerOf(claude);

const open = (path: string, key = sealer): Promise<Store> =>
  openEmbeddedStore({ path, clock: { now: () => Date.now() }, identity, sealer: key, logger: silent });

/** All that begins with the marker, sensitive or not. */
async function marked(store: Store) {
  const { memories } = await store.memories.list({}, { limit: 1000, offset: 0 }, viewer);
  return memories.filter(one => one.content.startsWith(`hidden-marker ${one.id} x`));
}

describe('sensitive memories of several processes', function () {
  this.timeout(full ? 900_000 : 120_000);

  it('leave nothing behind in the log that others are busy with', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    await using store = await open(path);
    const others = ['a', 'b'].map(name => startStoreProcess(path, name, 100_000));
    try {
      await Promise.all(others.map(other => other.ready));
      for (let i = 0; i < WRITES; i++) {
        await store.memories.insert([draft(`hidden-marker ${i}`, { id: `${i}` })], claude);
        await store.memories.update(`${i}`, { sensitive: true }, claude);
        assert.deepEqual(await filesHolding(folder.path, `hidden-marker ${i}`), []);
      }
    } finally {
      for (const other of others) other.child.kill('SIGKILL');
      await Promise.all(others.map(other => other.ended));
    }
  });

  it('are whole when two switch the same one, and make the first at once, with both drivers', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const nodes = [process.execPath, await node24()];
    const writers = nodes.map((node, i) => startStoreProcess(path, `w${i}`, WRITES, node, 'sealingWriter'));
    for (const writer of writers) assert.equal(await writer.ended, 0);
    await using store = await open(path);
    const kept = await marked(store);
    assert.deepEqual([kept.length, kept.every(one => one.sensitive)], [2 * WRITES, true]);
    const [shared] = await store.memories.get(['shared'], viewer);
    const versions = await store.memories.versions('shared', viewer);
    assert.ok([shared!, ...versions.map(one => one.memory)].every(one => one.content === 'everybody’s'));
    assert.equal(shared!.version, 2 * WRITES + 1);
    assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
  });

  it(`are neither lost nor left readable by ${KILLS} kills at random moments`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const acknowledged: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const node = round % 2 === 0 ? process.execPath : await node24();
      const writer = startStoreProcess(path, `r${round}`, 100_000, node, 'sealingWriter');
      await writer.ready;
      await new Promise(resolve => setTimeout(resolve, 20 + Math.random() * 250));
      writer.child.kill('SIGKILL');
      await writer.ended;
      acknowledged.push(...writer.acknowledged);
    }
    assert.ok(acknowledged.length > 0);
    await using store = await open(path);
    const kept = new Map((await marked(store)).map(one => [one.id, one]));
    for (const id of acknowledged) assert.equal(kept.get(id)?.sensitive, true, id);
    // A killed process may have left one open.
    for (const { id, sensitive } of kept.values()) {
      if (!sensitive) await store.memories.update(id, { sensitive: true }, claude);
    }
    await store.memories.insert([draft('after the storm')], claude);
    assert.deepEqual(await filesHolding(folder.path, 'hidden-marker'), []);
    assert.deepEqual((await store.report({ integrity: true })).problems, []);
  });

  it('can be read by one that had opened the store before there was a key', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'memory.db');
    const key = () => createSealer('', join(folder.path, 'encryption-key'));
    await using early = await open(path, key());
    assert.equal((await early.memories.list({}, { limit: 10, offset: 0 }, viewer)).total, 0);
    await using store = await open(path, key());
    await store.memories.insert([draft('secret', { id: 's', sensitive: true })], claude);
    assert.equal((await early.memories.get(['s'], viewer))[0]?.content, 'secret');
    const [again] = await early.memories.insert([draft('secret')], claude);
    assert.equal(again?.duplicate, true);
    await early.memories.insert([draft('another', { id: 'a', sensitive: true })], claude);
    assert.equal((await store.memories.get(['a'], viewer))[0]?.content, 'another');
  });
});
