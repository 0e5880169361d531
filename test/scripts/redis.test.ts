import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { inspectRedis } from '../../src/adapters/redis/inspectRedis.ts';
import { redisOptions } from '../fixtures/redisOptions.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';

const PROGRAM = 'scripts/redis.mjs';

/** @returns the process, and the REDIS_URL that it tells */
async function start(folder: string): Promise<{ script: ChildProcess; url: string }> {
  const script = spawn(process.execPath, [PROGRAM, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const text of script.stdout.setEncoding('utf8')) {
    output += text;
    const url = /REDIS_URL=(\S+)/.exec(output)?.[1];
    if (url !== undefined) return { script, url };
  }
  throw new Error(output);
}

async function end(script: ChildProcess): Promise<unknown> {
  const ended = once(script, 'exit');
  script.kill('SIGINT');
  return (await ended)[0];
}

describe('npm run redis', () => {
  it('starts a Redis that nothing is wrong with, and keeps its data', async () => {
    await using folder = await temporaryFolder();
    const first = await start(folder.path);
    const { summary, problems } = await inspectRedis(redisOptions({ url: first.url }));
    assert.match(summary, /^redis:\/\/127\.0\.0\.1:\d+\/0 is Redis/);
    assert.deepEqual(problems, []);
    const client = new Redis(first.url);
    await client.set('key', 'kept');
    await client.hset('hash', { name: 'v'.repeat(3_072) });
    assert.equal(await client.object('ENCODING', 'hash'), 'listpack');
    client.disconnect();
    assert.equal(await end(first.script), 0);
    const second = await start(folder.path);
    const again = new Redis(second.url);
    assert.equal(await again.get('key'), 'kept');
    again.disconnect();
    assert.equal(await end(second.script), 0);
  });

  it('takes the next port beside another, but never the same folder', async () => {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    const [one, two] = [await start(folder.path), await start(other.path)];
    assert.notEqual(one.url, two.url);
    await assert.rejects(
      promisify(execFile)(process.execPath, [PROGRAM, folder.path]),
      ({ code, stderr }) => {
        assert.equal(code, 1);
        assert.match(stderr, new RegExp(`It runs already: REDIS_URL=${one.url}`));
        return true;
      },
    );
    assert.deepEqual([await end(one.script), await end(two.script)], [0, 0]);
  });

  it('says how to install what is missing', async () => {
    const run = promisify(execFile)(process.execPath, [PROGRAM], { env: { PATH: '' } });
    await assert.rejects(run, ({ code, stderr }) => {
      assert.equal(code, 1);
      assert.match(stderr, /redis-server is not in the PATH.*Redis 7 or newer is needed/);
      return true;
    });
  });
});
