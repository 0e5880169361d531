import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { createSnapshotFiles } from '../../../src/adapters/files/snapshotFiles.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { BoundedCache } from '../../../src/engine/caches/boundedCache.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import { AnswerCache, type KeptAnswer } from '../../../src/engine/search/answerCache.ts';
import type { SearchQuery } from '../../../src/engine/search/searchQuery.ts';
import { createIndex } from '../../../src/main/createIndex.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { embedTexts, MODEL, vectorOf } from '../../fixtures/searchIndex.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Within it the weight of age may stand still. */
const DRIFT = 0.002;
const callers = ['ann', 'bob'].map(name => callerNamed(name));

/** One store, another process's view of it, an index that remembers its answers and one that does not. */
async function opened() {
  const folder = await temporaryFolder();
  let now = START;
  const clock = { now: () => now };
  const open = () =>
    openEmbeddedStore({
      path: join(folder.path, 'memory.db'),
      ...{ clock, identity, sealer, logger: silent },
    });
  const [store, other] = [await open(), await open()];
  const { storeId } = await store.report();
  const kept = new BoundedCache<KeptAnswer>({ maxBytes: 1_000_000, eviction: 'lru' });
  const indexOn = (answers?: () => AnswerCache) =>
    createIndex({
      settings: { 'search.place': 'auto', 'search.memoryMb': 512 },
      snapshots: createSnapshotFiles(join(folder.path, identity.newId()), sealer, silent),
      ...{ store, storeId, logger: silent, model: MODEL, ...(answers && { answers }) },
    });
  const remembering = indexOn(() => new AnswerCache(kept, 'a', HOUR_MS));
  const plain = indexOn();
  return {
    ...{ store, other, remembering, plain, kept },
    elapse(ms: number) {
      now += ms;
    },
    ask: (text: string, caller = callers[0]!, more: Partial<SearchQuery> = {}): SearchQuery => ({
      ...{ text, limit: 50, viewer: viewerOf(caller), now, ...more },
    }),
    async [Symbol.asyncDispose]() {
      await remembering[Symbol.asyncDispose]();
      await plain[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('an index that remembers its answers', () => {
  it('answers a repeated question from them', async () => {
    await using shop = await opened();
    await shop.store.memories.insert([draft('the red door'), draft('the red barn')], callers[0]!);
    const first = await shop.remembering.search(shop.ask('red'));
    assert.equal(first.length, 2);
    assert.equal(await shop.remembering.search(shop.ask('red')), first);
    const { hits, misses } = shop.kept.statistics;
    assert.deepEqual([hits, misses], [1, 1]);
  });

  it('finds what another process wrote with the next question', async () => {
    await using shop = await opened();
    const [memory, later] = [draft('the red door'), draft('the red barn')];
    const found = async () => (await shop.remembering.search(shop.ask('red'))).map(hit => hit.id);
    await shop.store.memories.insert([memory], callers[0]!);
    assert.deepEqual(await found(), [memory.id]);
    await shop.other.memories.insert([later], callers[0]!);
    assert.equal((await found()).length, 2);
    await shop.other.memories.remove([memory.id], callers[0]!);
    assert.deepEqual(await found(), [later.id]);
    await shop.other.memories.update(later.id, { content: 'the green barn' }, callers[0]!);
    assert.deepEqual(await found(), []);
  });

  it('gives nobody what it answered to another', async () => {
    await using shop = await opened();
    const secret = draft('the red key', { visibility: 'private' });
    await shop.store.memories.insert([secret], callers[0]!);
    for (let round = 0; round < 2; round++) {
      assert.equal((await shop.remembering.search(shop.ask('red', callers[0]))).length, 1);
      assert.deepEqual(await shop.remembering.search(shop.ask('red', callers[1])), []);
    }
    assert.ok(shop.kept.statistics.hits >= 2);
  });

  it('gives the same caller nothing of namespaces that it reaches no more', async () => {
    await using shop = await opened();
    await shop.store.memories.insert([draft('the red door')], callers[0]!);
    const bound = { ...callers[0]!, rights: { scopes: [], namespaces: ['elsewhere'] } };
    assert.equal((await shop.remembering.search(shop.ask('red'))).length, 1);
    assert.deepEqual(await shop.remembering.search(shop.ask('red', bound)), []);
  });

  it('finds what begins, and no more what ceases, when its time comes', async () => {
    await using shop = await opened();
    const { now } = shop.ask('');
    const at = (minutes: number) => now + minutes * MINUTE_MS;
    await shop.store.memories.insert(
      [
        draft('red one', { id: 'expires', expiresAt: at(10) }),
        draft('red two', { id: 'begins', validFrom: at(20) }),
        draft('red three', { id: 'ceases', validUntil: at(30) }),
      ],
      callers[0]!,
    );
    const found = async () => {
      const ids = (await shop.remembering.search(shop.ask('red'))).map(hit => hit.id);
      assert.deepEqual(
        (await shop.remembering.search(shop.ask('red'))).map(hit => hit.id),
        ids,
      );
      return ids.sort();
    };
    assert.deepEqual(await found(), ['ceases', 'expires']);
    shop.elapse(10 * MINUTE_MS);
    assert.deepEqual(await found(), ['ceases']);
    shop.elapse(10 * MINUTE_MS);
    assert.deepEqual(await found(), ['begins', 'ceases']);
    shop.elapse(10 * MINUTE_MS);
    assert.deepEqual(await found(), ['begins']);
    // The clock is set back.
    shop.elapse(-15 * MINUTE_MS);
    assert.deepEqual(await found(), ['ceases']);
    assert.equal(shop.kept.statistics.hits, 5);
  });

  it('asks anew where the model says something else of the question', async () => {
    await using shop = await opened();
    await shop.store.memories.insert([draft('the red door'), draft('the blue sky')], callers[0]!);
    await embedTexts(shop.store);
    const best = async (meant?: string) =>
      (
        await shop.remembering.search(shop.ask('what', callers[0], meant ? { vector: vectorOf(meant) } : {}))
      )[0];
    const [door, sky] = [await best('the red door'), await best('the blue sky')];
    assert.notEqual(door!.id, sky!.id);
    assert.equal(await best(), undefined);
    assert.equal((await best('the red door'))!.id, door!.id);
  });

  it('lets go of an answer after its time, and when memory is short', async () => {
    await using shop = await opened();
    await shop.store.memories.insert([draft('the red door')], callers[0]!);
    const first = await shop.remembering.search(shop.ask('red'));
    shop.elapse(HOUR_MS - 1);
    assert.equal(await shop.remembering.search(shop.ask('red')), first);
    shop.elapse(1);
    assert.notEqual(await shop.remembering.search(shop.ask('red')), first);
    for (let i = 0; i < 2_000; i++) await shop.remembering.search(shop.ask(`red ${i}`));
    assert.ok(shop.kept.statistics.bytes <= 1_000_000);
    assert.ok(shop.kept.statistics.entries < 2_000);
  });

  it('answers as one that remembers nothing, whatever happens', async function () {
    this.timeout(120_000);
    const words = fc.constantFrom('red door', 'red barn', 'blue sky red');
    const who = fc.integer({ min: 0, max: 1 });
    const time = fc.option(fc.integer({ min: -10, max: 40 }), { nil: null });
    const step = fc.oneof(
      fc.record({
        do: fc.constant('store' as const),
        ...{ words, who, expires: time, from: time, until: time },
        visibility: fc.constantFrom('public', 'private'),
      }),
      fc.record({ do: fc.constant('change' as const), words, at: fc.nat() }),
      fc.record({ do: fc.constant('forget' as const), at: fc.nat() }),
      fc.record({ do: fc.constant('embed' as const) }),
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('wait' as const),
          minutes: fc.integer({ min: -20, max: 30 }),
        }),
      },
      {
        weight: 10,
        arbitrary: fc.record({
          do: fc.constant('ask' as const),
          ...{ words, who },
          vector: fc.boolean(),
          limit: fc.constantFrom(2, 50),
          tags: fc.option(fc.constant(['a'] as const), { nil: undefined }),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async steps => {
        await using shop = await opened();
        const ids: string[] = [];
        const at = (minutes: number | null) =>
          minutes === null ? null : shop.ask('').now + minutes * MINUTE_MS;
        for (const [i, one] of steps.entries()) {
          if (one.do === 'store') {
            const memory = draft(`${one.words} ${i}`, {
              visibility: one.visibility as 'public',
              ...{ expiresAt: at(one.expires), validFrom: at(one.from), validUntil: at(one.until) },
              tags: i % 2 === 0 ? ['a'] : [],
            });
            ids.push(memory.id);
            await shop.other.memories.insert([memory], callers[one.who]!);
          } else if (one.do === 'wait') shop.elapse(one.minutes * MINUTE_MS);
          else if (one.do === 'embed') await embedTexts(shop.store);
          else if (one.do === 'forget' && ids.length > 0)
            await shop.other.memories.remove([ids[one.at % ids.length]!], callers[0]!);
          else if (one.do === 'change' && ids.length > 0)
            await shop.other.memories
              .update(ids[one.at % ids.length]!, { content: `${one.words} ${i}` }, callers[0]!)
              .catch(() => {});
          else if (one.do === 'ask') {
            const query = shop.ask(one.words, callers[one.who], {
              limit: one.limit,
              ...(one.tags && { tags: one.tags }),
              ...(one.vector && { vector: vectorOf(one.words) }),
            });
            const [hits, wanted] = [await shop.remembering.search(query), await shop.plain.search(query)];
            assert.equal(hits.length, wanted.length);
            const all = new Map(
              (await shop.plain.search({ ...query, limit: 1000 })).map(hit => [hit.id, hit.score]),
            );
            for (const [rank, hit] of hits.entries()) {
              assert.ok(Math.abs(all.get(hit.id)! - hit.score) < DRIFT, hit.id);
              assert.ok(Math.abs(wanted[rank]!.score - hit.score) < DRIFT);
            }
          }
        }
        const { hits, misses } = shop.kept.statistics;
        assert.equal(hits + misses, steps.filter(one => one.do === 'ask').length);
      }),
      { numRuns: 60 },
    );
  });
});
