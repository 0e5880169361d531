import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TASK_MACHINE } from '../../../src/engine/tasks/taskMachine.ts';
import { afterTrace, taskModelProperty } from '../../contract/taskModel.contract.ts';
import { openRedisTasks } from '../../fixtures/openRedisTasks.ts';
import { openSqliteTasks } from '../../fixtures/openSqliteTasks.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../fixtures/redisCluster.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { startRedisWithSearch } from '../../fixtures/redisWithSearch.ts';

describe('the TaskStore on Redis', function () {
  this.timeout(300_000);
  let redis: RedisServer;
  let withSearch: RedisServer;
  let cluster: RedisCluster;
  let prefixes = 0;

  before(async () => {
    [redis, withSearch, cluster] = await Promise.all([
      startRedis(),
      startRedisWithSearch(),
      startRedisCluster(),
    ]);
  });
  after(async () => {
    for (const server of [redis, withSearch, cluster]) await server[Symbol.asyncDispose]();
  });

  const kinds = {
    'on plain Redis': () => openRedisTasks(redisOptions({ url: redis.url }), `p${prefixes++}:`),
    'on Redis with Search': () => openRedisTasks(redisOptions({ url: withSearch.url }), `s${prefixes++}:`),
    'on a Cluster': () => openRedisTasks(redisOptions({ clusterNodes: cluster.nodes }), `c${prefixes++}:`),
  };

  for (const [kind, open] of Object.entries(kinds))
    it(`does ${kind} what the plainest model of the state machine does, whatever is asked of it`, async () => {
      await fc.assert(taskModelProperty(open), { numRuns: 20 });
    });

  it('takes every step of the state machine then', async () => {
    const taken = new Set<string>();
    await fc.assert(taskModelProperty(kinds['on plain Redis'], taken), { numRuns: 40, seed: 1 });
    assert.deepEqual([...taken].sort(), ['submit', ...Object.keys(TASK_MACHINE)].sort());
  });

  it('is left by the same trace as the embedded one is', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      await using embedded = await openSqliteTasks('libsql');
      const expected = await afterTrace(embedded, seed);
      for (const create of Object.values(kinds)) {
        await using opened = await create();
        assert.deepEqual(await afterTrace(opened, seed), expected);
      }
    }
  });
});
