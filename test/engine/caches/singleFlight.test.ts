import assert from 'node:assert/strict';
import { CLAIM_MS } from '../../../src/engine/caches/computeOnce.ts';
import { cachePlaces } from '../../fixtures/cachePlaces.ts';
import { type CacheProcess, startCacheProcess } from '../../fixtures/cacheProcess.ts';
import { cachesOn } from '../../fixtures/cachesOn.ts';

const PROCESSES = 4;
const CALLERS = 13;
/** Longer than the claim of a process that does not renew it. */
const LONG_MS = CLAIM_MS + 1_000;

for (const [name, start] of Object.entries(cachePlaces))
  describe(`what many want at once, in ${name}`, function () {
    this.timeout(60_000);
    let place: Awaited<ReturnType<typeof start>>;
    let processes: readonly CacheProcess[];

    before(async () => {
      place = await start();
      processes = await Promise.all(Array.from({ length: PROCESSES }, () => startCacheProcess(place.where)));
    });

    after(async () => {
      for (const one of processes) await one[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const computations = () => processes.reduce((sum, one) => sum + one.computed, 0);
    const askAll = (key: string, computeMs: number) =>
      Promise.all(processes.map(one => one.ask({ key, callers: CALLERS, computeMs })));

    it('is computed once, however long it takes', async () => {
      for (const [key, computeMs] of [
        ['quick', 0],
        ['some', 300],
        ['long', LONG_MS],
      ] as const) {
        const before = computations();
        const got = (await askAll(key, computeMs)).flat();
        assert.equal(got.length, PROCESSES * CALLERS);
        assert.equal(new Set(got).size, 1);
        assert.equal(computations() - before, 1, key);
      }
    });

    it('is computed by another when whoever computed it was killed', async () => {
      const [victim, ...others] = processes as [CacheProcess, ...CacheProcess[]];
      const lost = victim.ask({ key: 'killed', callers: 1, computeMs: 60_000 }).catch(() => undefined);
      await victim.computing();
      const waiting = others.map(one => one.ask({ key: 'killed', callers: CALLERS, computeMs: 10 }));
      await victim.kill();
      const got = (await Promise.all(waiting)).flat();
      assert.equal(new Set(got).size, 1);
      assert.ok(!got[0]!.endsWith(` ${victim.pid}`));
      void lost;
    });

    it('is not stored when it was forgotten meanwhile', async () => {
      await using caches = cachesOn(place.where);
      let asked = 0;
      let go = () => {};
      const held = new Promise<void>(resolve => {
        go = resolve;
      });
      const old = caches.getOrCompute('models', 'stale', async () => {
        asked += 1;
        await caches.forget({ cache: 'models' });
        await held;
        return 'old';
      });
      while (asked === 0) await new Promise(resolve => setTimeout(resolve, 5));
      const fresh = caches.getOrCompute('models', 'stale', async () => 'new');
      assert.equal(await fresh, 'new');
      go();
      assert.equal(await old, 'old');
      assert.equal(await caches.get('models', 'stale'), 'new');
    });

    it('fails for all who wait in a process, and is tried again by the next', async () => {
      await using caches = cachesOn(place.where);
      const failing = () => Promise.reject(new Error('no'));
      const both = [1, 2].map(() => caches.getOrCompute('models', 'fails', failing));
      for (const one of both) await assert.rejects(one, /^Error: no$/);
      assert.equal(await caches.getOrCompute('models', 'fails', async () => 'yes'), 'yes');
      assert.equal(await caches.getOrCompute('models', 'fails', failing), 'yes');
    });
  });
