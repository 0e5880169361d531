import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectRedis } from '../../../src/adapters/redis/connectRedis.ts';
import type { Caches } from '../../../src/engine/caches/caches.ts';
import type { Logger } from '../../../src/engine/ports/logger.ts';
import { refuses } from '../../contract/records/refuses.ts';
import { cachesOn } from '../../fixtures/cachesOn.ts';
import { startLine } from '../../fixtures/line.ts';
import { silent } from '../../fixtures/logger.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

/** Whoever waited for its end would find what it stored meanwhile. */
const PAUSE_MS = 6_000;
const isNumber = (value: unknown): value is number => typeof value === 'number';

/** A logger that keeps what it was warned of. */
function warnings(): { readonly logger: Logger; readonly told: string[] } {
  const told: string[] = [];
  return {
    logger: { ...silent, warn: (message, fields) => told.push(`${message} ${fields?.['reason']}`) },
    told,
  };
}

/** Every way to use a cache goes on without it. */
async function worksWithout(caches: Caches): Promise<void> {
  for (let i = 0; i < 20; i++) {
    assert.equal(await caches.getOrCompute('models', `${i}`, async () => i), i);
    assert.equal(await caches.get('models', `${i}`), undefined);
    assert.equal(await caches.put('sessions', `${i}`, { i }), false);
    assert.equal(await caches.append('conversations', `${i}`, { i }), false);
    assert.deepEqual(await caches.items('conversations', `${i}`, 10), []);
  }
}

async function works(caches: Caches, key: string): Promise<boolean> {
  await caches.getOrCompute('models', key, async () => 1);
  return (await caches.get('models', key)) === 1;
}

describe('a cache that fails', function () {
  this.timeout(60_000);
  let redis: RedisServer;

  beforeEach(async () => {
    redis = await startRedis();
  });

  afterEach(() => redis[Symbol.asyncDispose]());

  it('breaks no caller while its Redis is killed, and is used again when it is back', async () => {
    const { logger, told } = warnings();
    await using caches = cachesOn(`${redis.port}`, { deadlineMs: 200, logger });
    assert.ok(await works(caches, 'a'));
    await redis.kill();
    await worksWithout(caches);
    assert.ok(told.length > 0 && told.length < 10, told.join('\n'));
    await refuses('unavailable', caches.forget({ cache: 'models' }));
    await refuses('unavailable', caches.statistics());
    await redis.restart();
    await until(() => works(caches, 'b'));
    const { failures, problem } = await caches.statistics();
    assert.ok(failures >= 20);
    assert.equal(problem, undefined);
  });

  it('breaks no caller where there never was a Redis', async () => {
    await redis.kill();
    await using caches = cachesOn(`${redis.port}`, { deadlineMs: 200 });
    await worksWithout(caches);
  });

  it('breaks no caller while its Redis is paused', async () => {
    await using caches = cachesOn(`${redis.port}`, { deadlineMs: 200 });
    assert.ok(await works(caches, 'a'));
    await redis.cli('client', 'pause', `${PAUSE_MS}`, 'all');
    await worksWithout(caches);
    await until(() => works(caches, 'b'));
  });

  it('breaks no caller while the network swallows everything', async () => {
    await using line = await startLine(redis.port);
    await using caches = cachesOn(`${line.port}`, { deadlineMs: 200 });
    assert.ok(await works(caches, 'a'));
    line.hush(true);
    await worksWithout(caches);
    // Bytes that were swallowed do not come back on the same connection.
    await line.cut();
    line.hush(false);
    await line.mend();
    await until(() => works(caches, 'b'));
  });

  it('breaks no caller while its Redis is full, and still gives what it has', async () => {
    await using caches = cachesOn(`${redis.port}`, { deadlineMs: 200 });
    assert.ok(await works(caches, 'kept'));
    await redis.cli('config', 'set', 'maxmemory', '1');
    assert.equal(await caches.getOrCompute('models', 'new', async () => 2), 2);
    assert.equal(await caches.put('models', 'new', 2), false);
    assert.equal(await caches.get('models', 'new'), undefined);
    assert.equal(await caches.get('models', 'kept'), 1);
    await redis.cli('config', 'set', 'maxmemory', '0');
    await until(() => works(caches, 'later'));
  });

  it('gives what was computed where a value is poisoned, of another kind or of another type, and mends it', async () => {
    const { logger, told } = warnings();
    await using caches = cachesOn(`${redis.port}`, { logger });
    const client = await connectRedis(redisOptions({ url: redis.url }));
    const name = (key: string) => `cache:models:${key}`;
    await client.set(name('noise'), Buffer.from([0xc1, 0xff, 0x00]));
    await client.set(name('frame'), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0xff, 0x00]));
    await client.set(name('huge'), Buffer.alloc(2_000_000));
    await client.set(name('text'), Buffer.from([0xa1, 0x78]));
    await client.hset(name('hash'), { a: 1 });
    await client.lpush(name('list'), 'a');
    for (const key of ['noise', 'frame', 'huge', 'text', 'hash', 'list']) {
      assert.equal(await caches.getOrCompute('models', key, async () => 7, { accepts: isNumber }), 7, key);
      assert.equal(await caches.get('models', key), 7, key);
    }
    assert.ok((await caches.statistics()).unreadable >= 4);
    assert.ok(told.length >= 6);
    await client.set('cache:conversations:c', 'no list');
    assert.equal(await caches.append('conversations', 'c', 1), false);
    assert.deepEqual(await caches.items('conversations', 'c', 5), []);
    await client.set('cache-claim:models:claimed', 'somebody', 'PX', 500);
    await client.hset('cache-claim:models:odd', { a: 1 });
    for (const key of ['claimed', 'odd'])
      assert.equal(await caches.getOrCompute('models', key, async () => 8), 8);
    client.disconnect();
  });

  it('keeps no caller from a value that cannot be cached', async () => {
    await using caches = cachesOn(`${redis.port}`);
    const huge = 'x'.repeat(2_000_000);
    assert.equal(await caches.getOrCompute('models', 'huge', async () => huge), huge);
    assert.equal(await caches.getOrCompute('models', 'huge', async () => 'small'), 'small');
    const odd = { call: () => 1 };
    assert.equal(await caches.getOrCompute('models', 'odd', async () => odd), odd);
    assert.equal(await caches.getOrCompute('models', 'k'.repeat(600), async () => 1), 1);
    await refuses('too_large', caches.put('models', 'a', huge));
    await refuses('invalid_input', caches.put('models', 'a', odd));
  });

  it('is begun anew where its file is damaged, and breaks no caller where it cannot be', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'cache.db');
    for (const content of ['', 'no database, but long enough to be taken for one. '.repeat(100), 'short']) {
      await writeFile(path, content);
      await using caches = cachesOn(path);
      assert.ok(await works(caches, 'a'), content);
      await caches.forget({});
    }
    await using caches = cachesOn(folder.path, { deadlineMs: 200 });
    await worksWithout(caches);
  });
});
