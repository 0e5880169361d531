import assert from 'node:assert/strict';
import { Pace } from '../../../src/engine/map/pace.ts';
import { flatPlaces, refinedPlaces } from '../../../src/engine/map/planeOf.ts';
import { type Points, squaredDistance } from '../../../src/engine/map/points.ts';
import { principalAxes, project } from '../../../src/engine/map/principalAxes.ts';
import { never } from '../../fixtures/engine.ts';
import { trustworthiness } from '../../fixtures/trustworthiness.ts';
import { clustered, near, randomUnit, seeded } from '../../fixtures/vectors.ts';

const DIMENSIONS = 64;
const pace = () => new Pace(never);

/** Along the axes, as a map holds them. */
async function reduce(vectors: readonly Float32Array[], count = 16): Promise<Points> {
  const axes = await principalAxes(joined(vectors), count, pace());
  const values = new Float32Array(vectors.length * axes.count);
  for (const [i, vector] of vectors.entries()) project(axes, vector, 0, values, i * axes.count);
  return { dimensions: axes.count, values };
}

function joined(vectors: readonly Float32Array[]): Points {
  const dimensions = vectors[0]?.length ?? 0;
  const values = new Float32Array(vectors.length * dimensions);
  for (const [i, vector] of vectors.entries()) values.set(vector, i * dimensions);
  return { dimensions, values };
}

/** Vectors of some groups in turn: that of the number i belongs to the group i % groups. */
function groupsOf(groups: number, count: number): readonly Float32Array[] {
  const random = seeded(3);
  const centres = Array.from({ length: groups }, () => randomUnit(DIMENSIONS, random));
  return Array.from({ length: count }, (_, i) => near(centres[i % groups]!, 0.5, random));
}

/** How many points have a point of their own group as their nearest. */
function withTheirOwn(places: Float32Array, groups: number): number {
  const count = places.length / 2;
  let own = 0;
  for (let i = 0; i < count; i++) {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < count; j++) {
      const distance = squaredDistance(places, 2 * i, places, 2 * j, 2);
      if (i === j || distance >= least) continue;
      nearest = j;
      least = distance;
    }
    if (nearest % groups === i % groups) own += 1;
  }
  return own / count;
}

describe('principalAxes', () => {
  it('finds the axes along which points differ most, the strongest first', async () => {
    const random = seeded(5);
    const spread = [9, 4, 1, 0.1, 0.1];
    const vectors = Array.from({ length: 500 }, () =>
      Float32Array.from(spread, size => 7 + size * (random() + random() + random() - 1.5)),
    );
    const { vectors: axes } = await principalAxes(joined(vectors), 3, pace());
    for (let axis = 0; axis < 3; axis++)
      assert.ok(Math.abs(axes[axis * 5 + axis]!) > 0.99, `${axis}: ${axes.subarray(axis * 5, axis * 5 + 5)}`);
  });

  it('gives no more axes than there are dimensions, and none where nothing differs', async () => {
    const same = Array.from({ length: 4 }, () => Float32Array.of(1, 2));
    const { count, vectors } = await principalAxes(joined(same), 16, pace());
    assert.equal(count, 2);
    assert.deepEqual([...vectors], [0, 0, 0, 0]);
  });
});

describe('the plane', () => {
  it('keeps groups apart, at once and refined', async () => {
    const vectors = groupsOf(4, 400);
    const reduced = await reduce(vectors);
    const flat = withTheirOwn(flatPlaces(reduced), 4);
    const refined = withTheirOwn(await refinedPlaces(reduced, pace()), 4);
    assert.ok(flat > 0.8, `at once ${flat}`);
    assert.ok(refined > 0.97, `refined ${refined}`);
  });

  it('keeps more neighbours together once it is refined', async () => {
    const vectors = clustered(1500, DIMENSIONS);
    const reduced = await reduce(vectors, 32);
    const flat = trustworthiness(vectors, flatPlaces(reduced), 12, 100);
    const refined = trustworthiness(vectors, await refinedPlaces(reduced, pace()), 12, 100);
    assert.ok(refined > flat + 0.1 && refined > 0.85, `at once ${flat}, refined ${refined}`);
  });

  it('is the same for the same vectors', async () => {
    const vectors = groupsOf(3, 200);
    const first = await refinedPlaces(await reduce(vectors), pace());
    const second = await refinedPlaces(await reduce(vectors), pace());
    assert.deepEqual(first, second);
  });

  for (const count of [1, 2, 3, 17])
    it(`has a place for each of ${count}, also where all say the same`, async () => {
      for (const vectors of [
        groupsOf(1, count),
        Array.from({ length: count }, () => Float32Array.of(1, 0, 0)),
      ]) {
        const places = await refinedPlaces(await reduce(vectors), pace());
        assert.equal(places.length, 2 * count);
        assert.ok(places.every(Number.isFinite), `${places}`);
      }
    });

  it('lets others run, and ends when nobody waits for it', async () => {
    const reduced = await reduce(clustered(3000, DIMENSIONS));
    const stop = new AbortController();
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
      if (turns === 3) stop.abort();
    }, 1);
    await assert.rejects(refinedPlaces(reduced, new Pace(stop.signal)), { name: 'AbortError' });
    clearInterval(others);
    assert.equal(turns >= 3, true);
  });
});
