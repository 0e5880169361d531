import { join } from 'node:path';
import { verifiedIndexContract } from '../../contract/verifiedIndex.contract.ts';
import { openMachine } from '../../fixtures/machine.ts';
import { type RedisServer, startRedis } from '../../fixtures/redis.ts';

describe('beside a central Redis', () => {
  let redis: RedisServer;

  before(async () => {
    redis = await startRedis();
  });

  after(() => redis[Symbol.asyncDispose]());

  verifiedIndexContract('the central store', folder =>
    openMachine({ path: join(folder, 'replica.db'), port: redis.port }),
  );
});
