import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { InsertOutcome, NewMemory } from '../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { claude } from '../fixtures/callers.ts';
import { draft } from '../fixtures/drafts.ts';
import { FAULTS, type Fault, type Planted, plant, snapshotsOf } from '../fixtures/faultyIndex.ts';
import { embedTexts, openSearchIndex, vectorOf } from '../fixtures/searchIndex.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { query } from './memoryIndex.contract.ts';

const WORDS = ['red', 'fox', 'tax', 'law', 'deploy', 'kubernetes', 'invoice', 'payment', 'retry', 'storage'];
/** So many that a snapshot is worth its bytes; of these some are deleted. */
const MEMORIES = 300;
const DELETED = 20;
const STRAY = 100_000;

/** An index that is compared with the store finds whatever is wrong in it, and is right afterwards. */
export function verifiedIndexContract(name: string, open: (folder: string) => Promise<Store>): void {
  describe(`an index of ${name} that is compared with its store`, function () {
    this.timeout(60_000);
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    let store: Store;
    let storeId: string;
    let sound: Uint8Array;
    let nums: readonly number[];
    let deleted: readonly number[];
    let runs = 0;

    before(async () => {
      folder = await temporaryFolder();
      store = await open(folder.path);
      ({ storeId } = await store.report());
      const drafts = Array.from({ length: MEMORIES }, (_, i) => textOf(i));
      await store.memories.insert(drafts, claude);
      await embedTexts(store);
      await store.memories.remove(
        drafts.slice(0, DELETED).map(({ id }) => id),
        claude,
      );
      const { records } = await store.index.changesAfter(0, 1000);
      nums = records.map(({ num }) => num);
      deleted = Array.from({ length: MEMORIES }, (_, i) => i + 1).filter(num => !nums.includes(num));
      await using index = await openSearchIndex(store, { folder: folder.path });
      await index.save();
      sound = (await snapshotsOf(folder.path, storeId).read(`index-${storeId}`))!;
      assert.equal(deleted.length, DELETED);
    });

    after(async () => {
      await store[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });

    /** Starts from a snapshot with faults. */
    async function faulty(faults: readonly Planted[], state = {}) {
      const path = join(folder.path, `run-${runs++}`);
      await plant(store, sound, snapshotsOf(path, storeId), faults, state);
      return { path, index: await openSearchIndex(store, { folder: path }) };
    }

    async function answers(index: Awaited<ReturnType<typeof openSearchIndex>>) {
      const questions = [...WORDS, 'red fox', 'an earlier text', 'a text that was deleted'];
      const found = [];
      for (const text of questions) {
        found.push(await index.search(query(text)));
        found.push(await index.search(query(text, { vector: vectorOf(text) })));
      }
      return found.map(hits =>
        hits.map(({ id, score }) => ({ id, score })).sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }

    it('agrees with it when nothing is wrong', async () => {
      const { index } = await faulty([]);
      await using _ = index;
      assert.deepEqual(await index.verify(), { checked: MEMORIES - DELETED, repaired: [] });
    });

    for (const fault of Object.keys(FAULTS) as Fault[]) {
      it(`finds a memory ${FAULTS[fault]} (${fault})`, async () => {
        const num = fault === 'deleted' ? deleted[0]! : fault === 'stray vector' ? STRAY : nums[7]!;
        const { index } = await faulty([{ fault, num }]);
        await using _ = index;
        assert.deepEqual((await index.verify()).repaired, [`1 memory ${FAULTS[fault]}`]);
      });
    }

    it('finds every fault, and then answers as an index built anew, also after the next start', async () => {
      await using anew = await openSearchIndex(store, { folder: join(folder.path, 'anew') });
      const right = await answers(anew);
      const ofMemory = fc.constantFrom<Fault>(
        ...['missing', 'twice', 'labels', 'words', 'no vector', 'older vector', 'wrong byte'].map(
          one => one as Fault,
        ),
      );
      const planted = fc.tuple(
        fc.uniqueArray(fc.tuple(ofMemory, fc.constantFrom(...nums)), {
          selector: ([, num]) => num,
          maxLength: 12,
        }),
        fc.subarray([...deleted], { maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
      );
      await fc.assert(
        fc.asyncProperty(planted, async ([some, gone, strays]) => {
          const faults: Planted[] = [
            // Bytes are changed in a copy of the vectors as they are then.
            ...some.map(([fault, num]) => ({ fault, num })),
            ...gone.map(num => ({ fault: 'deleted' as const, num })),
            ...Array.from({ length: strays }, (_, i) => ({ fault: 'stray vector' as const, num: STRAY + i })),
          ];
          const expected = new Map<string, number>();
          for (const { fault } of faults) expected.set(FAULTS[fault], (expected.get(FAULTS[fault]) ?? 0) + 1);
          const { index, path } = await faulty(faults);
          {
            await using _ = index;
            const { repaired } = await index.verify();
            assert.deepEqual(
              new Set(repaired),
              new Set(
                [...expected].map(([what, many]) => `${many} ${many === 1 ? 'memory' : 'memories'} ${what}`),
              ),
            );
            assert.deepEqual(await answers(index), right);
            assert.deepEqual((await index.verify()).repaired, []);
          }
          await using next = await openSearchIndex(store, { folder: path });
          assert.deepEqual((await next.verify()).repaired, []);
          assert.deepEqual(await answers(next), right);
        }),
        { numRuns: 15 },
      );
    });

    it('is not taken in by the snapshot of another store', async () => {
      const { index } = await faulty([{ fault: 'labels', num: nums[0]! }], { storeId: 'another' });
      await using _ = index;
      await using anew = await openSearchIndex(store, { folder: join(folder.path, 'anew') });
      assert.deepEqual(await answers(index), await answers(anew));
      assert.deepEqual((await index.verify()).repaired, []);
    });

    it('answers while it is compared', async () => {
      const { index } = await faulty([]);
      await using _ = index;
      await index.search(query('fox'));
      const order: string[] = [];
      await Promise.all([
        index.verify().then(() => order.push('compared')),
        index.search(query('red fox')).then(() => order.push('answered')),
      ]);
      assert.deepEqual(order, ['answered', 'compared']);
    });

    it('does not take for a fault what changes meanwhile', async () => {
      const { index } = await faulty([]);
      await using _ = index;
      await index.search(query('fox'));
      const busy = (async () => {
        for (let i = 0; i < 10; i++) {
          const [{ memory }] = (await store.memories.insert([draft(`red fox anew ${i}`)], claude)) as [
            InsertOutcome,
          ];
          await embedTexts(store);
          await store.memories.update(memory.id, { content: `red fox once more ${i}` }, claude);
          if (i % 2 === 0) await store.memories.remove([memory.id], claude);
        }
      })();
      const checks = await Promise.all(Array.from({ length: 4 }, () => index.verify()));
      await busy;
      for (const { repaired } of [...checks, await index.verify()]) assert.deepEqual(repaired, []);
      await using anew = await openSearchIndex(store, { folder: join(folder.path, 'anew') });
      assert.deepEqual(await answers(index), await answers(anew));
    });
  });
}

function textOf(i: number): NewMemory {
  const words = [0, 3, 7].map(step => WORDS[(i * (step + 1) + step) % WORDS.length]);
  return draft(`${words.join(' ')} number${i}`, {
    session: i % 3 === 0 ? `s${i % 9}` : null,
    tags: [WORDS[i % WORDS.length]!],
    createdAt: 1_000 + i,
  });
}
