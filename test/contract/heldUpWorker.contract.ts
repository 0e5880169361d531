import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startJobProcess } from '../fixtures/jobChaos.ts';
import { openJobsAt, QUICK } from '../fixtures/openJobs.ts';
import { temporaryFolder } from '../fixtures/temporaryFolder.ts';
import { until } from '../fixtures/until.ts';

/** What becomes of the job of a worker that is held up for longer than its lease. @param open a queue that is empty */
export function heldUpWorkerContract(
  name: string,
  open: () => Promise<AsyncDisposable & { place: string }>,
): void {
  describe(`a worker of ${name} that is held up`, function () {
    this.timeout(60_000);

    it('loses its job to another, and what it says of it later counts for nothing', async () => {
      await using opened = await open();
      await using folder = await temporaryFolder();
      const left = join(folder.path, 'left');
      await mkdir(left);
      await using queue = openJobsAt(opened.place);
      const first = startJobProcess(opened.place, left);
      await first.ready;
      const others: ReturnType<typeof startJobProcess>[] = [];
      try {
        await queue.add({ name: 'writes', payload: { ms: 2 * QUICK.leaseMs }, key: 'slow' });
        await until(async () => (await queue.find('slow'))!.state === 'active');
        first.child.kill('SIGSTOP');
        const second = startJobProcess(opened.place, left);
        others.push(second);
        await until(async () => (await queue.find('slow'))!.state === 'completed');
        first.child.kill('SIGCONT');
        await until(() => first.events.some(event => event.kind === 'lost'));
        const { attempts, result } = (await queue.find('slow'))!;
        assert.equal(attempts, 2);
        assert.deepEqual(result, { by: await readFile(join(left, 'slow.done'), 'utf8') });
        const completed = [first, second].map(({ events }) => events.filter(one => one.kind === 'completed'));
        assert.deepEqual(
          completed.map(events => events.length),
          [0, 1],
        );
      } finally {
        for (const { child } of [first, ...others]) child.kill('SIGKILL');
        await Promise.all([first, ...others].map(({ ended }) => ended));
      }
    });
  });
}
