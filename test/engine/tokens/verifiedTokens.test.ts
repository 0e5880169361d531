import assert from 'node:assert/strict';
import { identity } from '../../../src/adapters/node/identity.ts';
import { redisRecords } from '../../../src/adapters/redis/records/redisRecords.ts';
import { RedisConnection } from '../../../src/adapters/redis/redisConnection.ts';
import type { MemoryError } from '../../../src/engine/errors.ts';
import { Tokens } from '../../../src/engine/tokens/tokens.ts';
import { silent } from '../../fixtures/logger.ts';
import { startRedis } from '../../fixtures/redis.ts';
import { redisOptions } from '../../fixtures/redisOptions.ts';
import { until } from '../../fixtures/until.ts';

const MINUTE_MS = 60_000;

describe('tokens, while Redis refuses the password of the server', () => {
  it('go on where they were let in before; of others nobody can tell', async () => {
    await using redis = await startRedis({ config: { requirepass: 'one' } });
    await using connection = new RedisConnection({ ...redisOptions({ url: redis.url }), prefix: '' });
    using records = redisRecords(connection, silent);
    let now = Date.now();
    const options = { store: records.tokens, identity, clock: { now: () => now } };
    const [tokens, fresh] = [new Tokens(options), new Tokens(options)];
    const { text } = await tokens.create({ name: 'ci', rights: { scopes: ['read'] } });
    assert.equal((await tokens.verify(text))?.name, 'ci');
    await redis.cli('CONFIG', 'SET', 'requirepass', 'other');
    await redis.cli('-a', 'other', 'CLIENT', 'KILL', 'TYPE', 'normal');
    // Its connection ends first, then the password of the next is refused.
    await until(async () =>
      records.tokens.list().then(
        () => false,
        error => /password/.test(error.message),
      ),
    );
    now += MINUTE_MS;
    assert.equal((await tokens.verify(text))?.name, 'ci');
    await assert.rejects(fresh.verify(text), error => {
      assert.equal((error as MemoryError).code, 'unavailable');
      assert.doesNotMatch((error as MemoryError).message, /redis:/);
      return true;
    });
    now += 10 * MINUTE_MS;
    await assert.rejects(tokens.verify(text), { code: 'unavailable' });
  });
});
