import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Engine } from '../../src/engine/engine.ts';
import { type Caller, viewerOf } from '../../src/engine/model/caller.ts';
import { callToolsOn } from '../../src/tools/callTool.ts';
import { never, openEngine } from '../fixtures/engine.ts';
import { Reader } from '../fixtures/privacy/answers.ts';
import { CAST } from '../fixtures/privacy/cast.ts';
import { checkReader } from '../fixtures/privacy/checks.ts';
import { Listener } from '../fixtures/privacy/listener.ts';
import { CLOSING, OPENING, type Scene, scene } from '../fixtures/privacy/scenes.ts';
import { Stage } from '../fixtures/privacy/stage.ts';
import { type RedisServer, startRedis } from '../fixtures/redis.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

/** @param actors where they work, and where the readers do: one engine, or two machines */
async function play(
  scenes: readonly Scene[],
  actors: Engine,
  readers: Engine,
  folder: string,
): Promise<void> {
  const start = await readers.feed.position({});
  const listeners = CAST.map(caller => new Listener(readers, caller, start));
  const stage = new Stage(actors);
  try {
    await stage.play(scenes);
    for (const listener of listeners) await listener.check(stage.oracle);
    await readers.settled(never);
  } finally {
    for (const listener of listeners) listener[Symbol.dispose]();
  }
  const { oracle } = stage;
  for (const caller of CAST) {
    const viewer = viewerOf(caller);
    const hidden = oracle.notes.filter(note => !oracle.mayRetrieve(viewer, note));
    const granted = oracle.notes.filter(note => !oracle.sees(viewer, note) && oracle.isShared(viewer, note));
    seen.hidden += hidden.length;
    seen.granted += granted.length;
    await checkReader(new Reader(readers, caller), stage, { engine: readers, folder, start });
  }
}

const scenes = fc
  .array(scene, { minLength: 50, maxLength: 90, size: 'max' })
  .map(more => [...OPENING, ...more, ...CLOSING]);
/** How much there was to keep, and to show. */
const seen = { hidden: 0, granted: 0 };

describe('who may not see a memory', function () {
  this.timeout(300_000);
  let redis: RedisServer;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());
  beforeEach(() => Object.assign(seen, { hidden: 0, granted: 0 }));

  for (const [how, provider, numRuns] of [
    ['by words', 'off', 6],
    ['by meaning', 'local', 2],
  ] as const)
    it(`is told nothing of it on any way of reading, ${how}, whoever shared what with whom before`, async () => {
      await fc.assert(
        fc.asyncProperty(scenes, async scenes => {
          await using folder = await temporaryFolder();
          await using engine = await openEngine(folder.path, { 'embedding.provider': provider });
          await play(scenes, engine, engine, folder.path);
        }),
        { numRuns, endOnFailure: true },
      );
      assert.ok(seen.hidden > 10 * numRuns && seen.granted >= numRuns, JSON.stringify(seen));
    });

  it('is told nothing of it on another machine', async () => {
    let prefixes = 0;
    await fc.assert(
      fc.asyncProperty(scenes, async scenes => {
        await using folder = await temporaryFolder();
        await using other = await temporaryFolder();
        const settings = {
          'embedding.provider': 'off',
          'redis.url': redis.url,
          'redis.prefix': `p${prefixes++}:`,
        };
        await using actors = await openEngine(folder.path, settings);
        await using readers = await openEngine(other.path, settings);
        await play(scenes, actors, readers, folder.path);
      }),
      { numRuns: 2, endOnFailure: true },
    );
    assert.ok(seen.hidden > 20 && seen.granted > 1, JSON.stringify(seen));
  });

  it('changes no score of what others find', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
    const call = callToolsOn(async () => engine);
    const [ada, , bob] = CAST;
    const store = (content: string, caller: Caller) =>
      call('store_memory', { content, visibility: 'private' }, caller);
    const ask = async () => {
      const query = { query: 'zebra harbour', explain: true, similarity_threshold: 0 };
      const { memories } = (await call('semantic_search', query, ada!)).structured as {
        memories: { id: string; parts: Record<string, number> }[];
      };
      // The share of the age goes down by itself.
      return memories.map(({ id, parts: { recency: _, ...parts } }) => ({ id, parts }));
    };
    for (let i = 0; i < 10; i++) await store(`note ${i} about the harbour`, ada!);
    await store('the zebra sleeps', ada!);
    const alone = await ask();
    assert.equal(alone.length, 8);
    for (let i = 0; i < 50; i++) await store(`secret ${i} of zebra and zebra`, bob!);
    assert.deepEqual(await ask(), alone);
  });
});
