import assert from 'node:assert/strict';
import { join } from 'node:path';
import { SqliteJobQueue } from '../../../src/adapters/sqlite/jobs/sqliteJobQueue.ts';
import { jobs } from '../../../src/engine/jobs/jobs.ts';
import { planFarOff, planJobs } from '../../../src/engine/jobs/planJobs.ts';
import { readIntervals } from '../../../src/engine/model/intervals.ts';
import { openSqliteJobs } from '../../fixtures/openJobs.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const HOUR_MS = 3_600_000;

describe('the plan of jobs', () => {
  it('has each job done as often as it says, unless told otherwise', async () => {
    await using opened = await openSqliteJobs();
    const planned = async () =>
      Object.fromEntries((await opened.queue.schedules()).map(({ name, everyMs }) => [name, everyMs]));
    const usual = Object.fromEntries(jobs.map(({ name, everyMs }) => [name, everyMs]));
    await planJobs(opened.queue, { intervals: new Map(), shared: false });
    assert.deepEqual(await planned(), usual);
    const intervals = readIntervals('embed=90s, compact=off');
    await planJobs(opened.queue, { intervals, shared: true });
    const { compact: _, backup: __, ...others } = usual;
    assert.deepEqual(await planned(), { ...others, embed: 90_000 });
    await planJobs(opened.queue, { intervals: readIntervals('backup=1d'), shared: true });
    assert.equal((await planned())['backup'], 86_400_000);
    await assert.rejects(planJobs(opened.queue, { intervals: readIntervals('sleep=1h'), shared: false }), {
      code: 'invalid_input',
    });
  });

  it('goes on at once when a clock that was ahead is set right, and does nothing twice', async () => {
    await using folder = await temporaryFolder();
    const now = { ms: Date.UTC(2026, 10, 22) };
    await using queue = new SqliteJobQueue({ path: join(folder.path, 'jobs.db'), now: () => now.ms });
    const intervals = readIntervals('embed=1h, compact=off, expire=off, learn=off, promote=off, backup=off');
    await planJobs(queue, { intervals, shared: false });
    let done = 0;
    const knows = () => true;
    const run = async () => ({});
    const worker = queue.work({
      ...{ concurrency: 1, knows, run },
      onEvent({ kind }) {
        if (kind === 'completed') done++;
      },
    });
    for (const hours of [1, 2]) {
      now.ms += HOUR_MS;
      await until(() => done === hours);
    }
    await worker.stop(0);
    now.ms -= 2 * HOUR_MS;
    await planFarOff(queue, now.ms);
    const [planned] = await queue.schedules();
    assert.equal(planned!.nextAt, now.ms + HOUR_MS);
    now.ms += 2 * HOUR_MS;
    await planFarOff(queue, now.ms);
    const waiting = await queue.list(['waiting', 'delayed'], 10);
    assert.deepEqual(
      waiting.map(job => job.dueAt),
      [planned!.nextAt],
    );
  });

  it('reads intervals, and nothing else', () => {
    assert.deepEqual(
      [...readIntervals(' a=1s b=2m,c=3h  d=4d e_f=off ')],
      [
        ['a', 1_000],
        ['b', 120_000],
        ['c', 10_800_000],
        ['d', 345_600_000],
        ['e_f', null],
      ],
    );
    assert.equal(readIntervals('').size, 0);
    for (const wrong of ['a', 'a=', 'a=1', 'a=s', 'a=0s', 'a=1.5h', 'a=-1s', 'a=367d', 'A=1s', '=1s', 'a=1w'])
      assert.throws(() => readIntervals(wrong), { code: 'invalid_input' }, wrong);
  });
});
