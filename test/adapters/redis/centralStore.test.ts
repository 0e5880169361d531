import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import type { MemoryStore } from '../../../src/engine/ports/memoryStore.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { reviewsContract } from '../../contract/reviews.contract.ts';
import { storeContract } from '../../contract/store.contract.ts';
import { storeModelProperty } from '../../contract/storeModel.contract.ts';
import { claude } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../fixtures/redisCluster.ts';
import { type RedisSentinels, startRedisSentinels } from '../../fixtures/redisSentinels.ts';
import { startRedisWithSearch } from '../../fixtures/redisWithSearch.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

let redis: RedisServer;
let redisWithSearch: RedisServer;
let cluster: RedisCluster;
let sentinels: RedisSentinels;
let memories = 0;

before(async function () {
  this.timeout(120_000);
  [redis, redisWithSearch, cluster, sentinels] = await Promise.all([
    startRedis(),
    startRedisWithSearch(),
    startRedisCluster(),
    startRedisSentinels(),
  ]);
});

after(async () => {
  for (const one of [redis, redisWithSearch, cluster, sentinels]) await one[Symbol.asyncDispose]();
});

const PLACES = {
  'on Redis': () => ({ port: redis.port }),
  'on Redis 8.2 with Search': () => ({ port: redisWithSearch.port }),
  'on a Redis Cluster': () => ({ redis: { clusterNodes: cluster.nodes } }),
  'behind Sentinels': () => ({ redis: { sentinels: sentinels.sentinels, sentinelName: sentinels.name } }),
};

for (const [where, place] of Object.entries(PLACES))
  storeContract(`the central store ${where}`, async now => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'replica.db');
    const prefix = `m${memories++}:`;
    const store = await openMachine({ ...place(), path, prefix, now: () => now.ms });
    return disposedWith(store, store, folder);
  });

// What one machine changes the other shows, down to the last field: reads are the second machine's.
storeContract('two machines on one central Redis', async now => {
  return twoMachines(() => now.ms);
});
reviewsContract('two machines on one central Redis', async () => twoMachines(() => Date.now(), true));

async function twoMachines(now: () => number, reviewedOnly = false): Promise<Store> {
  const folder = await temporaryFolder();
  const prefix = `m${memories++}:`;
  const [one, two] = await Promise.all(
    ['one.db', 'two.db'].map(name =>
      openMachine({ path: join(folder.path, name), port: redis.port, prefix, now, reviewedOnly }),
    ),
  );
  const split: MemoryStore = {
    insert: (drafts, caller) => one!.memories.insert(drafts, caller),
    update: (id, patch, caller, version) => one!.memories.update(id, patch, caller, version),
    remove: (ids, caller) => one!.memories.remove(ids, caller),
    apply: changes => one!.memories.apply(changes),
    undo: (id, caller) => one!.memories.undo(id, caller),
    expire: (at, limit) => one!.memories.expire(at, limit),
    get: (ids, viewer) => two!.memories.get(ids, viewer),
    list: (filter, page, viewer) => two!.memories.list(filter, page, viewer),
    versions: (id, viewer) => two!.memories.versions(id, viewer),
    counts: (filter, viewer) => two!.memories.counts(filter, viewer),
    unreviewed: (filter, page, viewer, instance) => two!.memories.unreviewed(filter, page, viewer, instance),
    trend: (filter, days, viewer) => two!.memories.trend(filter, days, viewer),
    touch: (ids, at, user) => two!.memories.touch(ids, at, user),
    users: (ids, since) => two!.memories.users(ids, since),
  };
  return disposedWith({ ...two!, memories: split }, one!, two!, folder);
}

describe('a machine that has not looked for a while', () => {
  it('changes, forgets and undoes what it has not seen yet', async () => {
    await using folder = await temporaryFolder();
    const prefix = `m${memories++}:`;
    await using one = await openMachine({ path: join(folder.path, 'one.db'), port: redis.port, prefix });
    await using two = await openMachine({ path: join(folder.path, 'two.db'), port: redis.port, prefix });
    const ids = ['a', 'b', 'c'];
    await one.memories.insert(
      ids.map(id => draft(id, { id })),
      claude,
    );
    assert.equal((await two.memories.update('a', { content: 'changed' }, claude)).memory.version, 2);
    await one.memories.insert([draft('d', { id: 'd' })], claude);
    assert.equal((await two.memories.remove(['d'], claude)).length, 1);
    const [removal] = await one.memories.remove(['b'], claude);
    assert.equal((await two.memories.undo(removal!.id, claude)).kind, 'restore');
    await one.memories.insert([draft('e', { id: 'e' })], claude);
    const [repeat] = await two.memories.insert([draft('e')], claude);
    assert.deepEqual([repeat?.duplicate, repeat?.memory.id], [true, 'e']);
    await assert.rejects(two.memories.update('nowhere', { pinned: true }, claude), /There is no memory/);
  });
});

describe('the central store on Redis', function () {
  this.timeout(120_000);

  it('does what the plainest model does, whatever is asked of it', async () => {
    await using folder = await temporaryFolder();
    const create = () =>
      openMachine({
        path: join(folder.path, `${memories}.db`),
        port: redis.port,
        prefix: `m${memories++}:`,
      });
    await fc.assert(storeModelProperty(create), { numRuns: 30 });
  });
});

/** The store, with what is to be disposed with it. */
function disposedWith(store: Store, ...all: readonly AsyncDisposable[]): Store {
  return {
    memories: store.memories,
    operations: store.operations,
    index: store.index,
    embeddings: store.embeddings,
    leases: store.leases,
    records: store.records,
    work: store.work,
    report: options => (all[0] as Store).report(options),
    backup: path => (all[0] as Store).backup(path),
    async [Symbol.asyncDispose]() {
      for (const one of all) await one[Symbol.asyncDispose]();
    },
  };
}
