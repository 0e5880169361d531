import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { type Line, startLine } from '../../fixtures/line.ts';
import { memoriesOf, openMachine, settled } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

describe('a central Redis that was restored from a backup', () => {
  it('is told apart by a machine that has seen more; what is stored there waits', async () => {
    await using site = await open();
    const { line, one, redis } = site;
    await store(one, 'a', 'b');
    const restore = await backup(redis);
    await store(one, 'c', 'd');
    await line.cut();
    await restore();
    await line.mend();
    await until(async () => /went back from 4 to 2/.test(await problemOf(one)));
    await store(one, 'e');
    assert.equal((await one.report()).central?.waiting, 1);
    assert.deepEqual(await idsOf(one), ['a', 'b', 'c', 'd', 'e']);
  });

  it('is told apart when others have gone on from there', async () => {
    await using site = await open();
    const { folder, line, one, redis } = site;
    await store(one, 'a', 'b');
    const restore = await backup(redis);
    await store(one, 'c', 'd');
    const before = await memoriesOf(one);
    await line.cut();
    await restore();
    await using two = await openMachine({ path: join(folder, 'two.db'), port: redis.port });
    await store(two, 'x', 'y', 'z');
    await line.mend();
    await until(async () => /holds another entry at 4/.test(await problemOf(one)));
    assert.deepEqual(await memoriesOf(one), before);
  });

  it('is told apart from one that holds something else, by a machine that stores before it reads', async () => {
    await using folder = await temporaryFolder();
    await using redis = await startRedis();
    const [path, port] = [join(folder.path, 'one.db'), redis.port];
    {
      await using one = await openMachine({ path, port });
      await store(one, 'a', 'b');
    }
    await withClient(redis, client => client.flushall());
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port });
    await store(two, 'x', 'y');
    await using one = await openMachine({ path, port });
    await store(one, 'c');
    assert.deepEqual(await idsOf(two), ['x', 'y']);
    assert.match(await problemOf(one), /another memory/);
    assert.equal((await one.report()).central?.waiting, 1);
  });

  it('is told apart from one that another machine began anew, while connections stay', async () => {
    await using site = await open();
    const { folder, one, redis } = site;
    await using reader = await openMachine({ path: join(folder, 'reader.db'), port: redis.port });
    await store(one, 'a', 'b');
    assert.deepEqual(await idsOf(reader), ['a', 'b']);
    await withClient(redis, client => client.flushall());
    await using two = await openMachine({ path: join(folder, 'two.db'), port: redis.port });
    await store(two, 'x', 'y', 'z');
    await store(one, 'c');
    assert.deepEqual(await idsOf(two), ['x', 'y', 'z']);
    assert.deepEqual(await idsOf(one), ['a', 'b', 'c']);
    assert.deepEqual(await idsOf(reader), ['a', 'b']);
    for (const machine of [one, reader]) assert.match(await problemOf(machine), /another memory/);
    assert.equal((await one.report()).central?.waiting, 1);
  });

  it('is followed as ever by a machine that has not', async () => {
    await using site = await open();
    const { folder, line, one, redis } = site;
    await store(one, 'a', 'b');
    const restore = await backup(redis);
    await line.cut();
    await restore();
    await line.mend();
    await store(one, 'c');
    await settled(one);
    await using two = await openMachine({ path: join(folder, 'two.db'), port: redis.port });
    assert.deepEqual(await idsOf(two), ['a', 'b', 'c']);
  });
});

interface Site extends AsyncDisposable {
  readonly folder: string;
  readonly redis: RedisServer;
  readonly line: Line;
  /** At the end of the line. */
  readonly one: Store;
}

async function open(): Promise<Site> {
  const folder = await temporaryFolder();
  const redis = await startRedis();
  const line = await startLine(redis.port);
  const one = await openMachine({ path: join(folder.path, 'one.db'), port: line.port });
  return {
    ...{ folder: folder.path, redis, line, one },
    async [Symbol.asyncDispose]() {
      for (const part of [one, line, redis, folder]) await part[Symbol.asyncDispose]();
    },
  };
}

/** @returns puts back what Redis holds now, and nothing else */
async function backup(redis: RedisServer): Promise<() => Promise<void>> {
  const values = await withClient(redis, async client =>
    Promise.all((await client.keys('*')).map(async key => [key, (await client.dumpBuffer(key))!] as const)),
  );
  return () =>
    withClient(redis, async client => {
      await client.flushall();
      for (const [key, value] of values) await client.restore(key, 0, value);
    });
}

async function withClient<T>(redis: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.port, '127.0.0.1');
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function store(machine: Store, ...ids: string[]): Promise<void> {
  for (const id of ids) await machine.memories.insert([draft(`note ${id}`, { id })], claude);
}

async function problemOf(machine: Store): Promise<string> {
  await machine.operations.head();
  return (await machine.report()).central?.problem ?? '';
}

async function idsOf(machine: Store): Promise<string[]> {
  const { memories } = await machine.memories.list({}, { limit: 100, offset: 0 }, viewerOf(claude));
  return memories.map(({ id }) => id).sort();
}
