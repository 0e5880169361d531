import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cliHome } from '../../fixtures/cli.ts';
import { startEmbeddingServer } from '../../fixtures/embeddingServer.ts';
import { freePort, startRedis } from '../../fixtures/redis.ts';
import { until } from '../../fixtures/until.ts';
import { workerProcess } from '../../fixtures/workerProcess.ts';

type Home = Awaited<ReturnType<typeof cliHome>>;

type Job = { id: string; state: string; result?: Record<string, unknown>; problem?: string };

async function jobOf(home: Home, id: string, env: Record<string, string>): Promise<Job> {
  const { jobs } = await home.json(['list-jobs', '--job-id', id], { env });
  return (jobs as Job[])[0]!;
}

describe('memory-central worker', function () {
  this.timeout(180_000);

  it('does jobs of the store, by schedules and on demand, until it is stopped', async () => {
    await using home = await cliHome();
    const port = await freePort();
    const env = { WORKER_HEALTH_PORT: `${port}`, WORKER_SCHEDULE: 'expire=1s learn=off' };
    await using worker = await workerProcess({ ...home, env, args: ['--concurrency', '1'] });
    await worker.ready();
    assert.match(worker.said(), /does 1 job at once, of .*memory-jobs\.db\./);
    const { job_id, added } = await home.json(['run-job', '--name', 'backup', '--key', 'first']);
    assert.deepEqual([job_id, added], ['first', true]);
    await until(async () => (await jobOf(home, 'first', {})).state === 'completed');
    const { result } = await jobOf(home, 'first', {});
    assert.deepEqual(
      (await readdir(join(home.data, 'backups'))).map(name => join(home.data, 'backups', name)),
      [result!['file']],
    );
    const { schedules, counts, place } = await home.json(['list-jobs']);
    assert.match(place as string, /memory-jobs\.db$/);
    const names = (schedules as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names, ['backup', 'compact', 'embed', 'expire', 'promote']);
    await until(() => /"job":"expire".*a job was completed/.test(worker.said()));
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    assert.deepEqual([health.status, ((await health.json()) as { status: string }).status], [200, 'ok']);
    assert.equal((await fetch(`http://127.0.0.1:${port}/other`)).status, 404);
    assert.equal((counts as Record<string, number>)['dead'], 0);
    worker.child.kill('SIGTERM');
    assert.equal(await worker.ended, 0);
  });

  it('does those of the LAN, beside others, and goes on when Redis comes back', async () => {
    await using redis = await startRedis({ config: { 'maxmemory-policy': 'volatile-lru' } });
    await using home = await cliHome();
    await using elsewhere = await cliHome();
    const env = { REDIS_URL: redis.url };
    await using one = await workerProcess({ ...home, env });
    await using other = await workerProcess({ ...elsewhere, env });
    await Promise.all([one.ready(), other.ready()]);
    const run = async (key: string) => {
      await home.json(['run-job', '--name', 'expire', '--key', key], { env });
      await until(async () => (await jobOf(home, key, env)).state === 'completed');
    };
    await run('before');
    await until(() => /"policy":"volatile-lru".*drops keys when it is full/.test(one.said()));
    await redis.kill();
    await redis.restart();
    await run('after');
    const { schedules, place } = await home.json(['list-jobs'], { env });
    assert.match(place as string, /^redis:/);
    // Backups of one machine are none of the LAN's.
    const names = (schedules as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names, ['compact', 'embed', 'expire', 'learn', 'promote']);
    const done = () =>
      [one, other].flatMap(
        ({ said }) => said().match(/"id":"(before|after)","msg":"a job was completed"/g) ?? [],
      );
    await until(() => done().length === 2);
    for (const worker of [one, other]) worker.child.kill('SIGTERM');
    assert.deepEqual(await Promise.all([one.ended, other.ended]), [0, 0]);
  });

  // A lease of 30 s has to end.
  if (process.env['CHAOS'] === 'full')
    for (const kind of ['a file', 'Redis'])
      it(`is followed by another when it is killed, with jobs in ${kind}: nothing is lost, and nothing there twice`, async () => {
        await using redis = kind === 'Redis' ? await startRedis() : undefined;
        await using home = await cliHome();
        let asked = 0;
        await using server = await startEmbeddingServer({
          dimensions: 8,
          // Each question takes so long that the worker dies while it waits.
          answer: response => {
            asked += 1;
            if (asked > 1) return false;
            setTimeout(() => response.destroy(), 5_000);
            return true;
          },
        });
        const env = {
          ...(redis && { REDIS_URL: redis.url }),
          ...{ EMBEDDING_PROVIDER: 'openai', OPENAI_BASE_URL: server.baseUrl, EMBEDDING_MODEL: 'slow' },
          OPENAI_API_KEY: 'k',
        };
        for (let i = 0; i < 20; i++)
          await home.run(['store', `note ${i}`], { env: { ...env, EMBEDDING_PROVIDER: 'off' } });
        const jobs = ['embed', 'backup', 'expire', 'promote'];
        {
          await using first = await workerProcess({ ...home, env });
          await first.ready();
          for (const name of jobs)
            await home.json(['run-job', '--name', name, '--key', `${name}-1`], { env });
          await until(() => asked > 0);
        }
        await using second = await workerProcess({ ...home, env });
        await second.ready();
        for (const name of jobs)
          await until(async () => (await jobOf(home, `${name}-1`, env)).state === 'completed');
        assert.equal((await readdir(join(home.data, 'backups'))).length, 1);
        const { memories, pending_embeddings } = await home.json(['status'], { env });
        assert.deepEqual([memories, pending_embeddings], [20, 0]);
      });

  it('says what is wrong with what it is told', async () => {
    await using home = await cliHome();
    for (const [args, env, words] of [
      [['--concurrency', '0'], {}, /--concurrency must be a whole number from 1 to 100/],
      [['--faster'], {}, /worker takes --concurrency/],
      [[], { WORKER_SCHEDULE: 'embed=often' }, /"embed=often" is no interval/],
      [[], { WORKER_SCHEDULE: 'sleep=1h' }, /no job "sleep".*\n.*WORKER_SCHEDULE/],
    ] as const) {
      await using worker = await workerProcess({ ...home, env, args });
      assert.equal(await worker.ended, 2, worker.said());
      assert.match(worker.said(), words);
      assert.doesNotMatch(worker.said(), /jobs? at once, of/);
    }
  });
});
