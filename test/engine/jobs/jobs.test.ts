import assert from 'node:assert/strict';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../../../src/engine/engine.ts';
import { jobOf } from '../../../src/engine/jobs/jobs.ts';
import type { JobData, JobProgress } from '../../../src/engine/ports/jobQueue.ts';
import { claude } from '../../fixtures/callers.ts';
import { startEmbeddingServer } from '../../fixtures/embeddingServer.ts';
import { never, openEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const OFF = { 'embedding.provider': 'off' };

/** Does a job as a worker does. */
function run(
  engine: Engine,
  name: string,
  { id = `the ${name}`, signal = never, progress = (_: JobProgress): void => {} } = {},
): Promise<JobData> {
  const job = jobOf(name);
  return job.run(job.read({}), { engine, id, signal, progress });
}

async function store(engine: Engine, contents: readonly string[]): Promise<void> {
  await engine.memories.store(
    contents.map(content => ({ content })),
    claude,
  );
}

describe('the job', function () {
  this.timeout(60_000);

  it('embed gives each memory its vector once, though several workers do it at once', async () => {
    await using folder = await temporaryFolder();
    {
      await using engine = await openEngine(folder.path, OFF);
      await store(
        engine,
        Array.from({ length: 300 }, (_, i) => `note ${i}`),
      );
    }
    await using server = await startEmbeddingServer({ dimensions: 8 });
    const endpoint = { 'embedding.provider': 'openai', 'embedding.baseUrl': server.baseUrl };
    const open = (model: string) =>
      openEngine(folder.path, { ...endpoint, 'embedding.model': model, 'embedding.apiKey': 'k' });
    const asked = (model: string) =>
      server.seen
        .flatMap(({ body }) => (body.model === model ? body.input : []))
        .filter(text => /^note \d/.test(text));
    {
      await using one = await open('first');
      await using other = await open('first');
      const told: JobProgress[] = [];
      const [result] = await Promise.all([
        run(one, 'embed', { progress: report => told.push(report) }),
        run(other, 'embed'),
      ]);
      assert.equal(result['refused'], 0);
      assert.equal((await one.status()).embedding.pending, 0);
      assert.deepEqual([new Set(asked('first')).size, asked('first').length], [300, 300]);
      const { done, total } = told.at(-1)!;
      assert.equal(done, total);
    }
    // Another model is configured: all of them wait again.
    await using engine = await open('second');
    await run(engine, 'embed');
    assert.deepEqual([new Set(asked('second')).size, asked('second').length], [300, 300]);
  });

  it('embed has nothing to do without a model, and compact neither', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, OFF);
    await store(engine, ['One', 'Two']);
    assert.deepEqual(await run(engine, 'embed'), { embedded: 0, refused: 0 });
    assert.deepEqual(await run(engine, 'compact'), { examined: 0, merged: 0 });
    assert.deepEqual(await run(engine, 'promote'), { examined: 2, promoted: 0 });
  });

  it('expire removes what is over, once', async () => {
    await using folder = await temporaryFolder();
    await using engine = await openEngine(folder.path, OFF);
    const expiresAt = Date.now() + 50;
    await engine.memories.store(
      Array.from({ length: 20 }, (_, i) => ({ content: `short ${i}`, expiresAt })),
      claude,
    );
    await store(engine, ['It stays']);
    await until(() => Date.now() > expiresAt);
    const [one, other] = await Promise.all([run(engine, 'expire'), run(engine, 'expire')]);
    assert.equal((one['expired'] as number) + (other['expired'] as number), 20);
    assert.equal((await engine.counts({}, claude)).total, 1);
  });

  it('backup makes one copy for a job, however often it is begun, and keeps the newest', async () => {
    await using folder = await temporaryFolder();
    const backups = join(folder.path, 'elsewhere');
    const settings = { ...OFF, 'backup.folder': backups, 'backup.keep': 2 };
    await mkdir(backups);
    // Another's, and what somebody left who died while he wrote.
    await writeFile(join(backups, 'memory-2026.db'), 'mine');
    {
      await using engine = await openEngine(folder.path, settings);
      await store(engine, ['Copy me']);
      for (const unfinished of ['.part', '.part-journal']) {
        const left = join(backups, `memory-20200101T000000Z-01234567.db${unfinished}`);
        await writeFile(left, 'half');
        await utimes(left, 0, 0);
      }
      const first = await run(engine, 'backup', { id: 'a' });
      assert.deepEqual(await run(engine, 'backup', { id: 'a' }), first);
      for (const id of ['b', 'c']) {
        // Their names tell the second.
        const second = new Date().getUTCSeconds();
        await until(() => new Date().getUTCSeconds() !== second);
        const { removed } = await run(engine, 'backup', { id });
        assert.equal(removed, id === 'c' ? 1 : 0);
      }
    }
    const names = await readdir(backups);
    assert.equal(names.length, 3);
    assert.ok(names.includes('memory-2026.db'));
    const newest = names
      .filter(name => name !== 'memory-2026.db')
      .sort()
      .at(-1)!;
    await using restored = await openEngine(folder.path, { ...OFF, 'database.url': join(backups, newest) });
    assert.equal((await restored.counts({}, claude)).total, 1);
  });

  it('refuses what it is not given', () => {
    assert.throws(() => jobOf('embed').read({ fast: true }), { code: 'invalid_input' });
    assert.throws(() => jobOf('sleep'), { code: 'invalid_input' });
  });
});
