import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createSealer } from '../../../src/adapters/encryption/createSealer.ts';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { cliHome } from '../../fixtures/cli.ts';
import { draft } from '../../fixtures/drafts.ts';
import { silent } from '../../fixtures/logger.ts';
import { freePort, type RedisServer, startRedis } from '../../fixtures/redis.ts';

const KEY = Buffer.alloc(32, 9).toString('base64');
const TO_REDIS = ['migrate', '--from', 'embedded', '--to', 'redis'];
const FROM_REDIS = ['migrate', '--from', 'redis', '--to', 'embedded'];

describe('memory-central migrate', function () {
  this.timeout(60_000);
  let redis: RedisServer;
  let memories = 0;

  before(async () => {
    redis = await startRedis();
  });
  after(() => redis[Symbol.asyncDispose]());

  const settings = (prefix: string) => ({
    REDIS_URL: redis.url,
    REDIS_PREFIX: prefix,
    MEMORY_ENCRYPTION_KEY: KEY,
  });

  it('takes every memory to Redis and to another machine, as it is, whoever may see it', async () => {
    await using here = await cliHome();
    await using elsewhere = await cliHome();
    const env = settings(`m${memories++}:`);
    const before = await filled(here.data);
    const there = await here.json(TO_REDIS, { env });
    assert.deepEqual([there['added'], there['known'], there['same']], [4, 0, true]);
    const again = await here.json(TO_REDIS, { env });
    assert.deepEqual([again['added'], again['known'], again['to']], [0, 4, there['to']]);
    const back = await elsewhere.json(FROM_REDIS, { env });
    assert.deepEqual([back['added'], back['to']], [4, there['to']]);
    await using store = await open(elsewhere.data);
    assert.deepEqual(await shown(store), before);
  });

  it('ends with 1 and names what differs', async () => {
    await using cli = await cliHome();
    const env = settings(`m${memories++}:`);
    await filled(cli.data);
    await cli.json(TO_REDIS, { env });
    await cli.json(['update-memory', '--memory-id', 'a', '--content', 'changed in Redis'], { env });
    const { code, stdout } = await cli.run(TO_REDIS, { env });
    assert.equal(code, 1);
    assert.match(stdout, /0 copied to redis, 4 were there/);
    assert.match(stdout, /They differ: 4 here .*, 4 of them there/);
    assert.match(stdout, /missing: a\n/);
  });

  it('copies nothing where it could not copy all', async () => {
    await using cli = await cliHome();
    const env = settings(`m${memories++}:`);
    const fails = async (args: readonly string[], given: Record<string, string>, why: RegExp) => {
      const { code, stderr } = await cli.run(args, { env: given });
      assert.match(stderr, why);
      return code;
    };
    assert.equal(await fails(TO_REDIS, env, /There is no memory at/), 3);
    await filled(cli.data);
    assert.equal(await fails(TO_REDIS, {}, /no central Redis/), 2);
    assert.equal(await fails([...TO_REDIS, '--to', 'embedded'], env, /both embedded/), 2);
    assert.equal(await fails([...TO_REDIS, '--namespace', 'shop'], env, /every namespace/), 2);
    const away = { ...env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
    assert.equal(await fails(TO_REDIS, away, /out of reach/), 5);
    const otherKey = { ...env, MEMORY_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64') };
    assert.equal(await fails(TO_REDIS, otherKey, /left behind/), 5);
    assert.equal((await cli.json(['list'], { env }))['total'], 0);
  });
});

/** A store with old versions, a memory that only its owner sees, and a sensitive one. @returns what it shows */
async function filled(folder: string): Promise<unknown> {
  await using store = await open(folder);
  await store.memories.insert(
    [
      draft('first words', { id: 'a', tags: ['x'], metadata: { line: 1 }, createdAt: 1_700_000_000_000 }),
      draft('the vault code', { id: 's', sensitive: true }),
    ],
    claude,
  );
  await store.memories.insert([draft('mine alone', { id: 'p', visibility: 'private' })], editor);
  await store.memories.insert([draft('elsewhere', { id: 'e', namespace: 'bank', pinned: true })], editor);
  await store.memories.update('a', { content: 'second words' }, editor);
  await store.memories.update('s', { content: 'another vault code' }, claude);
  store.memories.touch(['a'], 1_800_000_000_000);
  await store.memories.update('a', { priority: 'high' }, claude);
  return await shown(store);
}

function open(folder: string): Promise<Store> {
  return openEmbeddedStore({
    path: join(folder, 'memory.db'),
    clock: { now: () => Date.now() },
    identity,
    sealer: createSealer(KEY, join(folder, 'encryption-key')),
    logger: silent,
  });
}

/** All that their owners see. */
async function shown({ memories }: Store): Promise<unknown> {
  return Promise.all(
    [claude, editor].map(async caller => {
      const viewer = viewerOf(caller);
      const found = await memories.get(['a', 's', 'p', 'e'], viewer);
      const versions = await Promise.all(['a', 's', 'p', 'e'].map(id => memories.versions(id, viewer)));
      return { found, versions };
    }),
  );
}
