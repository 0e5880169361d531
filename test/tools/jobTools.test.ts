import assert from 'node:assert/strict';
import { workJobs } from '../../src/engine/jobs/workJobs.ts';
import type { Rights } from '../../src/engine/model/rights.ts';
import { builtProgram } from '../fixtures/builtPrograms.ts';
import { claude } from '../fixtures/callers.ts';
import { silent } from '../fixtures/logger.ts';
import { onEachStore } from '../fixtures/onEachStore.ts';
import { refused } from '../fixtures/openTools.ts';
import { until } from '../fixtures/until.ts';

type Job = { id: string; name: string; state: string; problem?: string; attempts: number };

describe('the tools of jobs', function () {
  this.timeout(60_000);

  before(() => builtProgram('bullQueue'));

  onEachStore('jobs', open => {
    it('are added, done and listed', async () => {
      await using tools = await open();
      const added = await tools.call('run_job', { name: 'expire', key: 'now' });
      assert.deepEqual(added, { job_id: 'now', added: true });
      assert.deepEqual((await tools.call('run_job', { name: 'expire', key: 'now' }))['added'], false);
      await tools.call('run_job', { name: 'embed', key: 'later', delay_seconds: 3600 });
      const { counts, jobs, paused, known } = await tools.call('list_jobs');
      assert.deepEqual(counts, { waiting: 1, delayed: 1, active: 0, completed: 0, dead: 0 });
      assert.equal(paused, false);
      assert.deepEqual((jobs as Job[]).map(({ id }) => id).sort(), ['later', 'now']);
      assert.ok((known as { name: string }[]).some(({ name }) => name === 'backup'));
      const ended: string[] = [];
      const worker = workJobs({
        ...{ engine: tools.engine, concurrency: 1, logger: silent },
        onEnded: (name, outcome) => ended.push(`${name} ${outcome}`),
      });
      await until(() => ended.length === 1);
      assert.deepEqual(ended, ['expire completed']);
      await worker.stop(0);
      assert.match(
        await tools.text('list_jobs', { job_id: 'now' }),
        /now expire \[completed\]\n\{"expired":0\}/,
      );
      const { jobs: left } = await tools.call('list_jobs', { states: ['delayed'] });
      assert.deepEqual(
        (left as Job[]).map(({ id }) => id),
        ['later'],
      );
    });

    it('are refused where they are none', async () => {
      await using tools = await open();
      await refused(tools.call('run_job', { name: 'sleep' }), 'invalid_input', /no job "sleep".*embed/);
      const given = { name: 'embed', payload: { fast: true } };
      await refused(tools.call('run_job', given), 'invalid_input', /takes no "fast"/);
      await refused(tools.call('run_job', { name: 'embed', key: 'a b' }), 'invalid_input', /no key of a job/);
      await refused(tools.call('list_jobs', { job_id: 'nobody' }), 'not_found', /no job "nobody"/);
      await refused(tools.call('purge_jobs'), 'invalid_input', /confirm/);
    });

    it('are paused and resumed, tried again and purged', async () => {
      await using tools = await open();
      assert.match(await tools.text('retry_jobs', { job_ids: ['one'] }), /^None of these is dead/);
      assert.equal(await tools.text('pause_jobs'), 'Jobs are paused.');
      assert.match(await tools.text('list_jobs'), /^jobs, paused:/);
      assert.deepEqual(await tools.call('pause_jobs', { paused: false }), { paused: false });
      // Trying again is no use: the job takes no such thing.
      for (const key of ['one', 'two'])
        await tools.engine.jobs.add({ name: 'expire', payload: { odd: 1 }, key });
      const worker = workJobs({ engine: tools.engine, concurrency: 2, logger: silent });
      const dead = async () => (await tools.call('list_jobs', { states: ['dead'] }))['jobs'] as Job[];
      await until(async () => (await dead()).length === 2);
      await worker.stop(0);
      assert.match((await dead())[0]!.problem!, /takes no "odd"/);
      assert.deepEqual(await tools.call('retry_jobs', { job_ids: ['one'] }), { retried: 1 });
      assert.deepEqual(await tools.call('purge_jobs', { confirm: true }), { purged: 1 });
      const { counts } = await tools.call('list_jobs');
      assert.deepEqual(counts, { waiting: 1, delayed: 0, active: 0, completed: 0, dead: 0 });
    });

    it('are for whoever runs the memory', async () => {
      await using tools = await open();
      const as = (rights: Rights) => tools.as({ ...claude, rights });
      const writer = as({ scopes: ['read', 'write', 'tasks'] });
      for (const name of ['list_jobs', 'pause_jobs', 'retry_jobs'])
        await refused(writer.call(name), 'forbidden', /admin/);
      await refused(
        as({ scopes: ['admin'], namespaces: ['shop'] }).call('list_jobs'),
        'forbidden',
        /namespace/,
      );
      assert.ok(await as({ scopes: ['read', 'admin'] }).call('list_jobs'));
    });
  });
});
