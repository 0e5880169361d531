import assert from 'node:assert/strict';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import { cliHome } from '../../fixtures/cli.ts';
import { callTool, clientOf, stdioTransport } from '../../fixtures/mcpClient.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';

type Cli = Awaited<ReturnType<typeof cliHome>>;

/** As if a backup of the first three changes had been restored. */
const BACK_TO_3 = `
redis.call('SET', 'operations:position', 3)
redis.call('XDEL', 'operations', '4-0', '5-0')
redis.call('XSETID', 'operations', '3-0')
for _, id in ipairs(redis.call('ZRANGEBYSCORE', 'memories', '(3', '+inf')) do
  redis.call('ZREM', 'memories', id)
  redis.call('UNLINK', 'memory:' .. id)
end`;

const ADVICE = /docs\/operations\.md/;

describe('what docs/operations.md says of a Redis that knows less than the machines', function () {
  this.timeout(120_000);

  it('brings everything back where the log went back', async () => {
    await using redis = await startRedis();
    await using away = await cliHome();
    await using desk = await cliHome();
    await store(away, redis, 5);
    await redis.cli('eval', BACK_TO_3, '0');
    await saysWhy(away, redis, /The log of redis\S+ went back from 5 to 3/);
    assert.equal(await total(desk, redis), 3);
    await exportMoveImport(away, redis);
    assert.deepEqual([await total(away, redis), await total(desk, redis)], [6, 6]);
  });

  it('brings everything back where Redis was emptied', async () => {
    await using redis = await startRedis();
    await using away = await cliHome();
    await using desk = await cliHome();
    await store(away, redis, 5);
    assert.equal(await total(desk, redis), 5);
    await redis.cli('flushall');
    for (const machine of [away, desk]) await saysWhy(machine, redis, /holds another memory/);
    for (const machine of [away, desk]) await exportMoveImport(machine, redis);
    assert.deepEqual([await total(away, redis), await total(desk, redis)], [7, 7]);
  });

  it('brings what another client keeps from the command line, too', async () => {
    await using redis = await startRedis();
    await using away = await cliHome();
    await store(away, redis, 1);
    const id = await keepPrivate(away, redis, 'Of Claude alone');
    await redis.cli('flushall');
    await saysWhy(away, redis, /holds another memory/);
    await exportMoveImport(away, redis);
    assert.equal(await total(away, redis), 2);
    assert.equal(await readByClaude(away, redis, id), 'Of Claude alone');
  });
});

async function store(cli: Cli, redis: RedisServer, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await cli.json(['store', `Memory ${i}`], { env: { REDIS_URL: redis.url } });
}

async function total(cli: Cli, redis: RedisServer): Promise<unknown> {
  // The first may be the one that brings what waits.
  await cli.json(['list'], { env: { REDIS_URL: redis.url } });
  return (await cli.json(['list'], { env: { REDIS_URL: redis.url } }))['total'];
}

/** It takes a write meanwhile. */
async function saysWhy(cli: Cli, redis: RedisServer, why: RegExp): Promise<void> {
  const env = { REDIS_URL: redis.url };
  const { stderr } = await cli.run(['store', `Meanwhile in ${cli.home}`], { env });
  assert.match(stderr, /^offline, 1 write waiting/m);
  assert.match(stderr, why);
  assert.match((await cli.run(['status'], { env })).stdout, ADVICE);
}

async function exportMoveImport(cli: Cli, redis: RedisServer): Promise<void> {
  const env = { REDIS_URL: redis.url };
  await cli.json(['export', '--namespace', '*', '--versions', 'memories.jsonl'], { env });
  const { store } = await cli.json(['status'], { env });
  const { location } = store as { location: string };
  const aside = join(cli.home, 'aside');
  await mkdir(aside);
  for (const name of await readdir(cli.data)) {
    const file = join(cli.data, name);
    if ([location, `${location}-wal`, `${location}-shm`].includes(file))
      await rename(file, join(aside, name));
  }
  await cli.json(['import', 'jsonl', 'memories.jsonl'], { env });
  const moved = join(aside, basename(location));
  await cli.json(['migrate', '--from', 'embedded', '--to', 'redis', '--database', moved], { env });
  assert.deepEqual((await cli.json(['status'], { env }))['central'], {
    location: `${redis.url}/0`,
    waiting: 0,
  });
}

async function keepPrivate(cli: Cli, redis: RedisServer, content: string): Promise<string> {
  const stored = await asClaude(cli, redis, client =>
    callTool(client, 'store_memory', { content, visibility: 'private' }),
  );
  return stored['id'] as unknown as string;
}

/** What the other client reads. */
async function readByClaude(cli: Cli, redis: RedisServer, id: string): Promise<unknown> {
  const found = await asClaude(cli, redis, client => callTool(client, 'retrieve_memory', { memory_id: id }));
  return found['content'];
}

async function asClaude<T>(cli: Cli, redis: RedisServer, use: (client: Client) => Promise<T>): Promise<T> {
  const client = clientOf('2025-11-25');
  const env = { REDIS_URL: redis.url, MEMORY_NAMESPACE: 'shop' };
  await client.connect(await stdioTransport({ home: cli.data, env }));
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}
