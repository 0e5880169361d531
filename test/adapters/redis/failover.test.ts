import { join } from 'node:path';
import type { RedisOptions } from '../../../src/adapters/redis/connectRedis.ts';
import { viewerOf } from '../../../src/engine/model/caller.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine, settled } from '../../fixtures/machine.ts';
import type { RedisServer } from '../../fixtures/redis.ts';
import { startRedisCluster } from '../../fixtures/redisCluster.ts';
import { startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { losesNothing, startLoad } from '../../fixtures/steadyLoad.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const SLOTS = 16_384;
const PREFIX = 'x:';

/** A primary that has the log, and the replica that takes its place. */
interface Site extends AsyncDisposable {
  readonly redis: Partial<RedisOptions>;
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  /** The replica takes over from a primary that is well. */
  handOver(): Promise<unknown>;
}

const sites: Readonly<Record<string, () => Promise<Site>>> = {
  async 'behind Sentinels'() {
    const group = await startRedisSentinels();
    return {
      ...group,
      redis: { sentinels: group.sentinels, sentinelName: group.name },
      handOver: () => group.watchers[0]!.cli('sentinel', 'failover', group.name),
    };
  },
  async 'in a Cluster'() {
    const cluster = await startRedisCluster();
    const slot = Number(await cluster.primaries[0]!.cli('cluster', 'keyslot', `{mc}:${PREFIX}operations`));
    const owner = Math.floor((slot * cluster.primaries.length) / SLOTS);
    return {
      redis: { clusterNodes: cluster.nodes },
      primary: cluster.primaries[owner]!,
      replica: cluster.replicas[owner]!,
      handOver: () => cluster.replicas[owner]!.cli('cluster', 'failover'),
      [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    };
  },
};

/** Each ends with the replica in the primary's place, and the old primary as its replica. */
const ways: Readonly<Record<string, (site: Site) => Promise<unknown>>> = {
  async dies(site) {
    await site.primary.kill();
    await replaced(site);
    // Until a replica is back, what is stored waits on its machine.
    await site.primary.restart();
  },
  // It takes itself for the primary then, until it is told.
  async 'hangs until it has been replaced'(site) {
    site.primary.hang();
    await replaced(site);
    site.primary.wake();
  },
  async 'hands over while it is well'(site) {
    await site.handOver();
    await replaced(site);
  },
};

for (const [where, start] of Object.entries(sites)) {
  describe(`the central memory ${where}`, function () {
    this.timeout(120_000);

    for (const [what, change] of Object.entries(ways))
      it(`loses nothing that was acknowledged when its primary ${what}`, async () => {
        await using folder = await temporaryFolder();
        await using site = await start();
        const options = { redis: site.redis, prefix: PREFIX, deadlineMs: 1_000 };
        await using one = await openMachine({ ...options, path: join(folder.path, 'one.db') });
        await using two = await openMachine({ ...options, path: join(folder.path, 'two.db') });
        const load = startLoad([one, two]);
        await until(() => load.acknowledged.length >= 200);
        await change(site);
        const then = load.acknowledged.length;
        await until(() => load.acknowledged.length >= then + 100);
        await load.stop();
        await losesNothing([one, two], load.acknowledged, {
          ...options,
          path: join(folder.path, 'fresh.db'),
        });
      });

    it('brings what no replica had when its primary died', async () => {
      await using folder = await temporaryFolder();
      await using site = await start();
      const options = { redis: site.redis, prefix: PREFIX, deadlineMs: 1_000 };
      await using one = await openMachine({ ...options, path: join(folder.path, 'one.db') });
      await using two = await openMachine({ ...options, path: join(folder.path, 'two.db') });
      const acknowledged: string[] = [];
      await store(one, acknowledged);
      await store(two, acknowledged);
      site.replica.hang();
      await site.primary.cli('client', 'kill', 'type', 'replica');
      await store(one, acknowledged);
      // The other machine reads what the primary alone has.
      await two.memories.get(acknowledged, viewerOf(claude));
      await site.primary.kill();
      site.replica.wake();
      await replaced(site);
      await store(one, acknowledged);
      await site.primary.restart();
      await settled(one);
      await store(one, acknowledged);
      await settled(two);
      await store(two, acknowledged);
      await losesNothing([one, two], acknowledged, { ...options, path: join(folder.path, 'fresh.db') });
    });

    it('stays the one that machines follow when its primary died before a replica had heard of it', async () => {
      await using folder = await temporaryFolder();
      await using site = await start();
      const options = { redis: site.redis, prefix: PREFIX, deadlineMs: 1_000 };
      site.replica.hang();
      await site.primary.cli('client', 'kill', 'type', 'replica');
      await using one = await openMachine({ ...options, path: join(folder.path, 'one.db') });
      await using two = await openMachine({ ...options, path: join(folder.path, 'two.db') });
      const acknowledged: string[] = [];
      await store(one, acknowledged);
      await store(two, acknowledged);
      await site.primary.kill();
      site.replica.wake();
      await replaced(site);
      await site.primary.restart();
      await settled(one);
      await settled(two);
      await losesNothing([one, two], acknowledged, { ...options, path: join(folder.path, 'fresh.db') });
    });
  });
}

async function replaced({ replica }: Site): Promise<void> {
  await until(async () => (await replica.cli('role')).startsWith('master'));
}

async function store(machine: Store, acknowledged: string[]): Promise<void> {
  const memory = draft(`note ${acknowledged.length} of ${Math.random()}`);
  await machine.memories.insert([memory], claude);
  acknowledged.push(memory.id);
}
