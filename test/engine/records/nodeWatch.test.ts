import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import type { EventBus } from '../../../src/engine/ports/eventBus.ts';
import { HEARTBEAT_TTL_MS } from '../../../src/engine/ports/nodeRegistry.ts';
import { NodeWatch, watchedNodes } from '../../../src/engine/records/nodeWatch.ts';
import { ageRedis } from '../../fixtures/ageRedis.ts';
import { silent } from '../../fixtures/logger.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const load = { cpu: 1, gpu: 2, mem: 3 };

async function told(events: EventBus): Promise<readonly string[]> {
  return (await events.since(undefined, 100)).map(({ event }) =>
    event.type === 'node_status' ? `${event.node} ${event.status}` : event.type,
  );
}

describe('the watch over the nodes', () => {
  it('retires a silent node on the embedded store, and tells it, once', async () => {
    await using folder = await temporaryFolder();
    let now = 1_700_000_000_000;
    const clock = { now: () => now };
    await using store = await openEmbeddedStore({
      ...{ path: join(folder.path, 'memory.db'), clock, identity, sealer, logger: silent },
    });
    const { nodes, events } = store.records;
    using watch = new NodeWatch(nodes, clock, silent);
    using other = new NodeWatch(nodes, clock, silent);
    await watch.look();
    await nodes.heartbeat('a', load);
    await nodes.heartbeat('b', load);
    now += HEARTBEAT_TTL_MS;
    await nodes.heartbeat('b', load);
    await Promise.all([watch.look(), other.look()]);
    assert.deepEqual(
      (await nodes.active()).map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(await told(events), ['a online', 'b online', 'a offline']);
  });

  it('looks no more often than a heartbeat lives', async () => {
    await using folder = await temporaryFolder();
    let now = 1_700_000_000_000;
    // Where the clock stands still for the watch, it has just looked.
    let looked = 0;
    const clock = { now: () => now };
    await using store = await openEmbeddedStore({
      ...{ path: join(folder.path, 'memory.db'), clock, identity, sealer, logger: silent },
    });
    const { nodes } = store.records;
    using watch = new NodeWatch(nodes, { now: () => looked }, silent);
    await nodes.heartbeat('a', load);
    await watch.look();
    now += HEARTBEAT_TTL_MS;
    looked += HEARTBEAT_TTL_MS - 1;
    await watch.look();
    assert.equal((await nodes.active()).length, 1);
    looked += 1;
    await watch.look();
    assert.equal((await nodes.active()).length, 0);
  });

  it('looks by itself once a heartbeat came, as long as a node is active', async () => {
    await using folder = await temporaryFolder();
    let now = 1_700_000_000_000;
    const clock = { now: () => now };
    await using store = await openEmbeddedStore({
      ...{ path: join(folder.path, 'memory.db'), clock, identity, sealer, logger: silent },
    });
    using watch = new NodeWatch(store.records.nodes, clock, silent, 20);
    const nodes = watchedNodes(store.records.nodes, watch);
    for (const name of ['a', 'b']) {
      await nodes.heartbeat('steady', load);
      await nodes.heartbeat(name, load);
      now += HEARTBEAT_TTL_MS - 1;
      await nodes.heartbeat('steady', load);
      now += 1;
      await until(async () => (await told(store.records.events)).includes(`${name} offline`));
    }
    assert.equal((await nodes.active()).length, 1);
    now += HEARTBEAT_TTL_MS;
    await until(async () => (await told(store.records.events)).includes('steady offline'));
  });

  it('retires a silent node on Redis for all machines, and waits while Redis is away', async () => {
    await using redis = await startRedis();
    await using folder = await temporaryFolder();
    const machine = (name: string) =>
      openMachine({ path: join(folder.path, `${name}.db`), port: redis.port, deadlineMs: 1_000 });
    await using laptop = await machine('laptop');
    await using desk = await machine('desk');
    let now = 0;
    const clock = { now: () => now };
    using watch = new NodeWatch(laptop.records.nodes, clock, silent);
    using other = new NodeWatch(desk.records.nodes, clock, silent);
    await laptop.records.nodes.heartbeat('a', load);
    await desk.records.nodes.heartbeat('b', load);
    await using connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
    await connection.ask(client => ageRedis(client, '', HEARTBEAT_TTL_MS));
    await desk.records.nodes.heartbeat('b', load);
    await Promise.all([watch.look(), other.look()]);
    assert.deepEqual(await told(desk.records.events), ['a online', 'b online', 'a offline']);

    await connection.ask(client => ageRedis(client, '', HEARTBEAT_TTL_MS));
    await redis.kill();
    now += HEARTBEAT_TTL_MS;
    await watch.look();
    await redis.restart();
    await until(async () => (await told(desk.records.events)).length === 3);
    now += HEARTBEAT_TTL_MS;
    await other.look();
    assert.deepEqual((await told(desk.records.events)).slice(3), ['b offline']);
  });
});
