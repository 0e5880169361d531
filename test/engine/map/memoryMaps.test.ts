import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import type { MemoryMap } from '../../../src/engine/map/memoryMap.ts';
import { MemoryMaps } from '../../../src/engine/map/memoryMaps.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { never } from '../../fixtures/engine.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { near, randomUnit, seeded } from '../../fixtures/vectors.ts';

const MODEL = 'm';
const DIMENSIONS = 24;
const SHOP = ['shop'];
const random = seeded(7);
const CENTRES = Array.from({ length: 3 }, () => randomUnit(DIMENSIONS, random));

describe('MemoryMaps', () => {
  it('shows what the caller may see and has an embedding, and counts the rest', async () => {
    await using opened = await open();
    const { maps, store } = opened;
    await remember(store, 0, 30);
    await store.memories.insert(
      [draft('later', { id: 'later' }), draft('hers', { id: 'hers', visibility: 'private' })],
      claude,
    );
    const own = await maps.look(SHOP, claude, never);
    assert.equal(own.ids.length, 30);
    assert.deepEqual([own.without, own.cut, own.places.length], [2, false, 60]);
    assert.equal((await maps.look(SHOP, editor, never)).without, 1);
    assert.deepEqual((await maps.look(['bank'], claude, never)).ids, []);
    assert.deepEqual(await maps.matching({ ids: ['4', 'hers'] }, editor, never), ['4']);
  });

  it('moves no memory while others come, change and go', async () => {
    await using opened = await open();
    const { maps, store } = opened;
    await remember(store, 0, 60);
    const before = await maps.refined(SHOP, claude, never);
    assert.equal(before.refined, true);
    await remember(store, 60, 72);
    await store.memories.remove(['5', '6'], claude);
    const after = await maps.look(SHOP, claude, never);
    assert.equal(after.ids.length, 70);
    for (const id of before.ids.filter(one => !['5', '6'].includes(one)))
      assert.deepEqual(placeOf(after, id), placeOf(before, id), id);
    // Each lies among those of its group.
    for (const id of ['60', '65', '71'])
      assert.equal(Number(nearestTo(after, id)) % CENTRES.length, Number(id) % CENTRES.length, id);
  });

  it('gives a memory another place when it says something else', async () => {
    await using opened = await open();
    const { maps, store } = opened;
    await remember(store, 0, 60);
    await maps.refined(SHOP, claude, never);
    await store.memories.update('0', { content: 'of the second group now' }, claude);
    assert.equal(Number(nearestTo(await maps.look(SHOP, claude, never), '0')) % CENTRES.length, 0);
    await embed(store, () => near(CENTRES[1]!, 0.3, random));
    assert.equal(Number(nearestTo(await maps.look(SHOP, claude, never), '0')) % CENTRES.length, 1);
  });

  it('lays all out anew when much has come', async () => {
    await using opened = await open();
    const { maps, store } = opened;
    await remember(store, 0, 10);
    assert.equal((await maps.refined(SHOP, claude, never)).refined, true);
    await remember(store, 10, 60);
    const map = await maps.look(SHOP, claude, never);
    assert.deepEqual([map.ids.length, map.refined], [60, false]);
  });

  it('holds the newest where there are too many', async () => {
    await using opened = await open(20);
    const { maps, store } = opened;
    await remember(store, 0, 25);
    const map = await maps.look(SHOP, claude, never);
    assert.deepEqual([map.ids.length, map.ids[0], map.cut], [20, '24', true]);
  });

  it('goes on after a look that nobody waited for', async () => {
    await using opened = await open();
    const { maps, store } = opened;
    await remember(store, 0, 900);
    const stop = new AbortController();
    const left = maps.refined(SHOP, claude, stop.signal);
    setTimeout(() => stop.abort(), 30);
    await assert.rejects(left, { name: 'AbortError' });
    assert.equal((await maps.look(SHOP, claude, never)).ids.length, 900);
  });
});

async function open(
  most?: number,
): Promise<{ readonly store: Store; readonly maps: MemoryMaps } & AsyncDisposable> {
  const folder = await temporaryFolder();
  const store = await openEmbeddedStore({
    path: join(folder.path, 'memory.db'),
    ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
  });
  const maps = new MemoryMaps({
    ...{ embeddings: store.embeddings, source: store.index, model: () => MODEL },
    ...(most !== undefined && { most }),
  });
  return {
    ...{ store, maps },
    async [Symbol.asyncDispose]() {
      for (const one of [store, folder]) await one[Symbol.asyncDispose]();
    },
  };
}

/** Memories with these ids; that of the number i belongs to the group i % 3. */
async function remember(store: Store, from: number, to: number): Promise<void> {
  const drafts = Array.from({ length: to - from }, (_, i) =>
    draft(`note ${from + i}`, { id: `${from + i}` }),
  );
  await store.memories.insert(drafts, claude);
  await embed(store, id => near(CENTRES[Number(id) % CENTRES.length]!, 0.3, random));
}

async function embed(store: Store, vectorOf: (id: string) => Float32Array): Promise<void> {
  const pending = await store.embeddings.pending(MODEL, 1000);
  const vectors = pending.map(one => ({ ...one, vector: vectorOf(one.id) }));
  await store.embeddings.put(MODEL, DIMENSIONS, vectors);
}

function placeOf({ ids, places }: MemoryMap, id: string): readonly number[] {
  const at = ids.indexOf(id);
  return [places[2 * at]!, places[2 * at + 1]!];
}

function nearestTo(map: MemoryMap, id: string): string {
  const [x = 0, y = 0] = placeOf(map, id);
  const distance = (other: string) => {
    const [otherX = 0, otherY = 0] = placeOf(map, other);
    return Math.hypot(otherX - x, otherY - y);
  };
  return map.ids.filter(other => other !== id).sort((a, b) => distance(a) - distance(b))[0]!;
}
