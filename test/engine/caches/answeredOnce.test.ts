import assert from 'node:assert/strict';
import type { Caches } from '../../../src/engine/caches/caches.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { cachePlaces } from '../../fixtures/cachePlaces.ts';
import { startCacheProcess } from '../../fixtures/cacheProcess.ts';
import { cachesOn } from '../../fixtures/cachesOn.ts';

for (const [name, start] of Object.entries(cachePlaces))
  describe(`work that is answered once, in ${name}`, function () {
    this.timeout(60_000);

    /** A process dies at it. */
    async function dieAt(where: string, key: string, repeatable: boolean): Promise<void> {
      await using victim = await startCacheProcess(where);
      victim.ask({ key, callers: 1, computeMs: 60_000, once: { repeatable } }).catch(() => {});
      await victim.computing();
      await victim.kill();
    }

    it('is done by the next where whoever died at it may have done it', async () => {
      await using place = await start();
      await using caches = cachesOn(place.where);
      await dieAt(place.where, 'k', true);
      assert.equal(await work(caches, { key: 'k', repeatable: true }), 'k done');
    });

    it('is not done again where doing it twice is not as good as once', async () => {
      await using place = await start();
      await using caches = cachesOn(place.where);
      await dieAt(place.where, 'k', false);
      for (let i = 0; i < 2; i++) await refuses('conflict', work(caches, { key: 'k', repeatable: false }));
      assert.equal(await work(caches, { key: 'another', repeatable: false }), 'another done');
    });

    it('is done anew where its answer is not to be kept, or it failed', async () => {
      await using place = await start();
      await using caches = cachesOn(place.where);
      const asked = { key: 'k', repeatable: false };
      assert.equal(await work(caches, { ...asked, answer: 'busy', keeps: false }), 'busy');
      await assert.rejects(work(caches, { ...asked, answer: new Error('lost') }), /lost/);
      assert.equal(await work(caches, { ...asked, answer: 'done' }), 'done');
      assert.equal(await work(caches, { ...asked, answer: 'again' }), 'done');
    });
  });

interface Work {
  readonly key: string;
  readonly repeatable: boolean;
  /** An error: it fails so. */
  readonly answer?: string | Error;
  readonly keeps?: boolean;
}

function work(caches: Caches, { answer, keeps = true, key, repeatable }: Work): Promise<string> {
  return caches.once({
    ...{ key, repeatable, keepMs: 60_000, signal: new AbortController().signal, keeps: () => keeps },
    async work() {
      if (answer instanceof Error) throw answer;
      return answer ?? `${key} done`;
    },
  });
}
