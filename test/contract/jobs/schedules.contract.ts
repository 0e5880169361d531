import assert from 'node:assert/strict';
import type { OpenJobs } from '../../fixtures/openJobs.ts';
import { until } from '../../fixtures/until.ts';
import { doing } from './doing.ts';

const HOUR_MS = 3_600_000;
const hourly = { id: 'hourly', name: 'count', payload: { to: 3 }, everyMs: HOUR_MS };

/** What is done again and again. */
export function schedulesContract(name: string, open: () => Promise<OpenJobs>): void {
  describe(`${name} keeps schedules`, () => {
    it('and adds the job of a multiple of the interval', async () => {
      await using jobs = await open();
      const before = Date.now();
      await jobs.queue.schedule(hourly);
      const [planned, ...others] = await jobs.other.schedules();
      const next = planned!.nextAt!;
      assert.deepEqual([planned, others], [{ ...hourly, nextAt: next }, []]);
      assert.equal(next % HOUR_MS, 0);
      assert.ok(next > before && next <= Date.now() + HOUR_MS + 10_000);
      const [job] = await jobs.other.list(['delayed'], 10);
      assert.deepEqual([job!.name, job!.payload, job!.dueAt], ['count', { to: 3 }, next]);
    });

    it('once, whoever says them again', async () => {
      await using jobs = await open();
      await Promise.all([jobs.queue.schedule(hourly), jobs.other.schedule(hourly)]);
      await jobs.queue.schedule(hourly);
      assert.equal((await jobs.queue.schedules()).length, 1);
      assert.equal((await jobs.queue.counts()).byState.delayed, 1);
    });

    it('and replaces one of the same id', async () => {
      await using jobs = await open();
      await jobs.queue.schedule(hourly);
      await jobs.queue.schedule({ ...hourly, payload: { to: 4 }, everyMs: 2 * HOUR_MS });
      const [planned] = await jobs.queue.schedules();
      assert.deepEqual([planned!.everyMs, planned!.payload], [2 * HOUR_MS, { to: 4 }]);
      const delayed = await jobs.queue.list(['delayed'], 10);
      assert.deepEqual(
        delayed.map(({ payload }) => payload),
        [{ to: 4 }],
      );
    });

    it('until they are taken away, with the job that waits', async () => {
      await using jobs = await open();
      await jobs.queue.schedule(hourly);
      assert.equal(await jobs.queue.purge('delayed'), 0);
      assert.equal(await jobs.other.unschedule('hourly'), true);
      assert.equal(await jobs.other.unschedule('hourly'), false);
      assert.deepEqual(await jobs.queue.schedules(), []);
      assert.equal((await jobs.queue.counts()).byState.delayed, 0);
    });

    it('and adds one job for each time, though several workers run', async () => {
      await using jobs = await open();
      const times: number[] = [];
      const run = async ({ id }: { readonly id: string }) => void times.push(Number(id.split(':').at(-1)));
      for (const queue of [jobs.queue, jobs.other]) doing(queue, run);
      const often = { ...hourly, id: 'often', everyMs: 100 };
      await Promise.all([jobs.queue.schedule(often), jobs.other.schedule(often)]);
      await until(() => times.length >= 8);
      await jobs.queue.unschedule('often');
      assert.equal(new Set(times).size, times.length, `${times}`);
      assert.ok(
        times.every(at => (at - times[0]!) % 100 === 0),
        `${times}`,
      );
    });

    it('and refuses what is none', async () => {
      await using jobs = await open();
      for (const wrong of [{ id: 'a:b' }, { id: '' }, { everyMs: 99 }, { everyMs: 1e3 + 0.5 }])
        await assert.rejects(jobs.queue.schedule({ ...hourly, ...wrong }), { code: 'invalid_input' });
    });
  });
}
