import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { migrateMemories } from '../../../src/engine/migration/migrateMemories.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const COUNT = 250;

describe('migrateMemories', () => {
  it('goes on where it was stopped, and adds nothing the third time', async () => {
    await using site = await twoStores();
    const { from, to } = site;
    await from.memories.insert(
      Array.from({ length: COUNT }, (_, i) => draft(`note ${i}`, { id: `n${i}` })),
      claude,
    );
    const stop = new AbortController();
    const stopped = migrate(from, to, stop.signal, done => done >= 100 && stop.abort(new Error('enough')));
    await assert.rejects(stopped, { message: 'enough' });
    const begun = (await to.memories.counts({}, viewerOf(claude))).total;
    assert.equal(begun, 100);
    const rest = await migrate(from, to);
    assert.deepEqual([rest.added, rest.known, rest.differing], [COUNT - begun, begun, []]);
    assert.deepEqual(rest.from, rest.to);
    const again = await migrate(from, to);
    assert.deepEqual([again.added, again.known, again.to], [0, COUNT, rest.to]);
  });

  it('says which memories are another there: changed, or known by their text under another id', async () => {
    await using site = await twoStores();
    const { from, to } = site;
    await from.memories.insert([draft('alike', { id: 'a' }), draft('text', { id: 'b' })], claude);
    await from.memories.insert([draft('alike', { id: 'c', visibility: 'private' })], editor);
    await to.memories.insert([draft('alike', { id: 'other' })], claude);
    await migrate(from, to);
    await to.memories.update('b', { content: 'changed there' }, claude);
    const report = await migrate(from, to);
    assert.deepEqual([report.added, report.known], [0, 2]);
    assert.deepEqual(report.problems, [{ id: 'a', reason: 'The same text is there as "other".' }]);
    assert.deepEqual(report.differing, ['a', 'b']);
    assert.deepEqual([report.from.count, report.to.count], [3, 2]);
    assert.notEqual(report.from.checksum, report.to.checksum);
    assert.equal((await to.memories.get(['b'], viewerOf(claude)))[0]?.content, 'changed there');
  });

  it('says why a memory could not be added, and adds the others', async () => {
    await using site = await twoStores();
    const { from, to } = site;
    const taken = { externalId: 'ticket 1' };
    await from.memories.insert([draft('here', { id: 'a', ...taken }), draft('more', { id: 'b' })], claude);
    await to.memories.insert([draft('there', { id: 'x', ...taken })], claude);
    const report = await migrate(from, to);
    assert.equal(report.added, 1);
    assert.equal(report.problems[0]?.id, 'a');
    assert.match(report.problems[0].reason, /external id/);
    assert.deepEqual(report.differing, ['a']);
  });
});

async function twoStores(): Promise<AsyncDisposable & { from: Store; to: Store }> {
  const folder = await temporaryFolder();
  const open = (name: string) =>
    openEmbeddedStore({
      path: join(folder.path, name),
      clock: { now: () => Date.now() },
      identity,
      sealer,
      logger: silent,
    });
  const [from, to] = [await open('from.db'), await open('to.db')];
  return {
    from,
    to,
    async [Symbol.asyncDispose]() {
      for (const one of [from, to, folder]) await one[Symbol.asyncDispose]();
    },
  };
}

function migrate(
  from: Store,
  to: Store,
  signal = new AbortController().signal,
  onProgress: (done: number) => unknown = () => {},
) {
  const { sha256 } = identity;
  return migrateMemories({ from, to, sha256, signal, onProgress: done => void onProgress(done) });
}
