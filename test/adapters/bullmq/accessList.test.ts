import assert from 'node:assert/strict';
import { jobQueueContract } from '../../contract/jobQueue.contract.ts';
import { listed } from '../../fixtures/accessList.ts';
import { openBullJobs } from '../../fixtures/openJobs.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';

const USER = { username: 'memory-worker', password: 'let-me-in-please' };

describe('the access list of jobs in docs/operations.md', () => {
  let redis: RedisServer;
  let prefixes = 0;

  before(async () => {
    redis = await startRedis();
    const commands = [...(await listed('everybody')), ...(await listed('jobs'))];
    const rules = ['reset', 'on', `>${USER.password}`, '~p*', '&p*', ...commands];
    await redis.cli('acl', 'setuser', USER.username, ...rules);
  });
  after(() => redis[Symbol.asyncDispose]());

  jobQueueContract('BullMQ, for a user who may do what is listed,', rules =>
    openBullJobs(redisOptions({ url: `redis://127.0.0.1:${redis.port}`, ...USER }), `p${prefixes++}:`, rules),
  );

  // After the contract, whose calls count.
  describe('as a whole', () => {
    it('leaves nothing out', async () => {
      assert.equal(await redis.cli('acl', 'log'), '');
    });
  });
});
