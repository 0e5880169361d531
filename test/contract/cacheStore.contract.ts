import assert from 'node:assert/strict';
import type { CacheStore } from '../../src/engine/ports/cacheStore.ts';
import type { OpenCache } from '../fixtures/openCaches.ts';
import { refuses } from './records/refuses.ts';

const MINUTE_MS = 60_000;
const bytes = (text: string) => new TextEncoder().encode(text);
const ttl = { ttlMs: MINUTE_MS };

async function textOf(cache: CacheStore, name: string, key: string): Promise<string | undefined> {
  const found = await cache.get(name, key);
  return found && new TextDecoder().decode(found);
}

/** What every CacheStore must do. @param open empty ones */
export function cacheStoreContract(name: string, open: () => Promise<OpenCache>): void {
  describe(`${name} is a CacheStore`, () => {
    it('returns what was put, byte for byte, to every process', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      const every = Uint8Array.from({ length: 256 }, (_, i) => i);
      assert.equal(await cache.put('models', 'a', bytes('old'), ttl), true);
      await cache.put('models', 'a', every, ttl);
      await cache.put('models', 'empty', new Uint8Array(0), ttl);
      await cache.put('sessions', 'a', bytes('another cache'), ttl);
      assert.deepEqual(Uint8Array.from((await other.get('models', 'a'))!), every);
      assert.equal((await other.get('models', 'empty'))!.length, 0);
      assert.equal(await textOf(other, 'sessions', 'a'), 'another cache');
      assert.equal(await cache.get('models', 'b'), undefined);
    });

    it('keeps an entry for its time', async () => {
      await using opened = await open();
      const { cache } = opened;
      await cache.put('models', 'a', bytes('value'), ttl);
      await opened.elapse(MINUTE_MS - 10_000);
      assert.equal(await textOf(cache, 'models', 'a'), 'value');
      await opened.elapse(10_000);
      assert.equal(await cache.get('models', 'a'), undefined);
      assert.equal((await cache.tallies()).get('models')?.entries ?? 0, 0);
    });

    it('keeps an entry longer when its use extends it', async () => {
      await using opened = await open();
      const { cache } = opened;
      await cache.put('sessions', 'a', bytes('value'), ttl);
      for (let i = 0; i < 3; i++) {
        await opened.elapse(MINUTE_MS - 10_000);
        assert.ok(await cache.get('sessions', 'a', MINUTE_MS));
      }
      await opened.elapse(MINUTE_MS);
      assert.equal(await cache.get('sessions', 'a', MINUTE_MS), undefined);
    });

    it('forgets by cache, by pattern, by tag, or all', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      const places = [
        ['responses', 'how to [a]?', 'f1'],
        ['responses', 'how to b:c', 'f2'],
        ['responses', 'why', 'f1'],
        ['responses_more', 'how to d', 'f1'],
        ['models', 'how to e', 'f1'],
      ] as const;
      const fill = async () => {
        for (const [of, key, tag] of places)
          await cache.put(of, key, bytes(key), { ...ttl, tags: [tag, 'all'] });
      };
      const left = async () => {
        const found = [];
        for (const [of, key] of places) if (await cache.get(of, key)) found.push(key);
        return found;
      };
      await fill();
      assert.equal(await other.forget({ cache: 'responses', pattern: 'how to [a]?' }), 1);
      assert.equal(await other.forget({ cache: 'responses', pattern: 'how to [bx]:?' }), 0);
      assert.deepEqual(await left(), ['how to b:c', 'why', 'how to d', 'how to e']);
      assert.equal(await other.forget({ cache: 'responses', pattern: 'how*c' }), 1);
      assert.deepEqual(await left(), ['why', 'how to d', 'how to e']);
      assert.equal(await other.forget({ pattern: '*how*' }), 2);
      assert.deepEqual(await left(), ['why']);
      await fill();
      assert.equal(await other.forget({ tag: 'f1' }), 4);
      assert.deepEqual(await left(), ['how to b:c']);
      await fill();
      assert.equal(await other.forget({ tag: 'f1', cache: 'models' }), 1);
      assert.equal(await other.forget({ cache: 'responses' }), 3);
      assert.deepEqual(await left(), ['how to d']);
      assert.equal(await other.forget({}), 1);
      assert.deepEqual(
        [await left(), await other.forget({}), await other.forget({ tag: 'all' })],
        [[], 0, 0],
      );
    });

    it('keeps what is forgotten while it is computed from being stored', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      for (const filter of [{ tag: 'f1' }, { pattern: 'a*' }, { cache: 'models' }, {}]) {
        assert.equal(await cache.claim('models', 'abc', 'me', MINUTE_MS, ['f1']), true);
        await other.forget(filter);
        assert.equal(await cache.put('models', 'abc', bytes('old'), { ...ttl, claim: 'me' }), false);
        assert.equal(await cache.get('models', 'abc'), undefined);
      }
    });

    it('gives one claim at a time, until it is released, over or the entry is there', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      const claim = (of: CacheStore, holder: string) => of.claim('models', 'a', holder, MINUTE_MS, []);
      assert.equal(await claim(cache, 'me'), true);
      assert.equal(await claim(cache, 'me'), true);
      assert.equal(await claim(other, 'you'), false);
      assert.equal(await other.claim('models', 'b', 'you', MINUTE_MS, []), true);
      await other.release('models', 'a', 'you');
      assert.equal(await claim(other, 'you'), false);
      await cache.release('models', 'a', 'me');
      assert.equal(await claim(other, 'you'), true);
      await opened.elapse(MINUTE_MS);
      assert.equal(await claim(cache, 'me'), true);
      assert.equal(await other.put('models', 'a', bytes('late'), { ...ttl, claim: 'you' }), false);
      assert.equal(await cache.put('models', 'a', bytes('mine'), { ...ttl, claim: 'me' }), true);
      assert.equal(await claim(other, 'you'), true);
      assert.equal(await textOf(other, 'models', 'a'), 'mine');
    });

    it('keeps lists with their newest items, for their time from the last one on', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      const texts = async (limit: number) =>
        (await other.items('conversations', 'c', limit)).map(item => new TextDecoder().decode(item));
      assert.deepEqual(await texts(10), []);
      for (let i = 1; i <= 3; i++)
        assert.equal(await cache.append('conversations', 'c', bytes(`${i}`), MINUTE_MS, 3), i);
      await opened.elapse(MINUTE_MS - 10_000);
      assert.equal(await other.append('conversations', 'c', bytes('4'), MINUTE_MS, 3), 3);
      assert.deepEqual(
        [await texts(10), await texts(2)],
        [
          ['2', '3', '4'],
          ['3', '4'],
        ],
      );
      await opened.elapse(10_000);
      assert.deepEqual(await texts(1), ['4']);
      assert.equal(await other.forget({ cache: 'conversations', pattern: 'c' }), 1);
      assert.deepEqual(await texts(10), []);
      await cache.append('conversations', 'c', bytes('5'), MINUTE_MS, 3);
      assert.deepEqual(await texts(10), ['5']);
      await opened.elapse(MINUTE_MS);
      assert.deepEqual(await texts(10), []);
    });

    it('counts entries, hits and misses by cache', async () => {
      await using opened = await open();
      const { cache, other } = opened;
      assert.deepEqual(await cache.tallies(), new Map());
      await cache.put('models', 'a', bytes('1'), ttl);
      await cache.put('models', 'b:c', bytes('2'), ttl);
      await cache.count('models', 3, 1);
      await other.count('models', 1, 1);
      await other.count('sessions', 0, 2);
      const tallies = await other.tallies();
      assert.deepEqual(tallies.get('models'), { entries: 2, hits: 4, misses: 2 });
      assert.deepEqual(tallies.get('sessions'), { entries: 0, hits: 0, misses: 2 });
    });

    it('tells of its server or file', async () => {
      await using opened = await open();
      const servers = await opened.cache.servers();
      assert.ok(servers.length > 0);
      for (const { location, usedBytes, maxBytes, eviction } of servers) {
        assert.ok(usedBytes > 0 && maxBytes >= 0, location);
        assert.notEqual(eviction, '');
      }
    });

    it('refuses names and keys that could be taken for others', async () => {
      await using opened = await open();
      const { cache } = opened;
      await refuses('invalid_input', cache.put('a:b', 'c', bytes('x'), ttl));
      await refuses('invalid_input', cache.put('', 'c', bytes('x'), ttl));
      await refuses('invalid_input', cache.get('models', ''));
      await refuses('invalid_input', cache.get('models', 'half \ud800'));
      await refuses('invalid_input', cache.get('models', 'k'.repeat(501)));
      await refuses('invalid_input', cache.put('models', 'a', bytes('x'), { ...ttl, tags: [''] }));
    });
  });
}
