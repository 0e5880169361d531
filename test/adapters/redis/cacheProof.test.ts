import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { cachesOn } from '../../fixtures/cachesOn.ts';
import { pythonEnvironment } from '../../fixtures/pythonEnvironment.ts';
import { startRedis } from '../../fixtures/redis.ts';

const SCRIPT = join(packageRoot, 'test', 'fixtures', 'cacheProof.py');

describe('the caches as another program sees them, by the schema alone', function () {
  this.timeout(180_000);

  it('are read and written, compressed or not, with tags or without', async () => {
    const python = pythonEnvironment('cache-python', ['redis==8.1.0', 'msgpack==1.1.2', 'zstandard==0.25.0']);
    await using redis = await startRedis();
    await using caches = cachesOn(`${redis.port}`);
    const small = { text: 'naïve 🦊', list: [1, 2.5, null] };
    const large = { text: 'long '.repeat(1_000) };
    await caches.put('models', 'js small', small);
    await caches.put('models', 'js large', large);
    await caches.put('models', 'js tagged', large, { tags: ['file é'] });
    const { stdout } = await promisify(execFile)(python, [SCRIPT, redis.url]);
    assert.deepEqual(JSON.parse(stdout), [small, large, large]);
    assert.deepEqual(await caches.get('models', 'py plain'), {
      ...{ text: 'naïve 🦊', size: 1.5 },
      raw: Uint8Array.of(0, 255),
    });
    assert.deepEqual(await caches.get('responses', 'py packed'), ['long '.repeat(1_000), null, true]);
    assert.equal(await caches.forget({ tag: 'file é' }), 1);
  });
});
