import assert from 'node:assert/strict';
import { insideRedis } from '../../fixtures/insideRedis.ts';
import { openRedisTasks } from '../../fixtures/openRedisTasks.ts';
import { key, submitAndTake, take, taskDraft, want } from '../../fixtures/taskDrafts.ts';

describe('the keys of tasks in Redis', () => {
  const inside = insideRedis();
  const open = () => openRedisTasks(...inside.place);

  it('are gone with the tasks, but for what counts', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const done = await submitAndTake(tasks, 'done', { capabilities: [] });
    await tasks.submit(taskDraft('after', { dependsOn: ['done'], idempotencyKey: 'once' }), {
      agent: 'bob',
      ms: 60_000,
    });
    await tasks.complete(done, { n: 1 }, {});
    const failed = await take(tasks, 'bob', { ids: ['after'] });
    await tasks.fail(failed, { reason: 'broken', retryable: false, jitter: 0 });
    const asking = await submitAndTake(tasks, 'asks', { deadline: (await opened.now()) + 60_000 });
    await tasks.ask(asking, 'Which?');
    await tasks.submit(taskDraft('then', { dependsOn: ['asks'] }), { agent: 'ann', ms: 1_000 });
    await tasks.submit(taskDraft('able', { capabilities: ['gpu', 'a,b'] }));
    await tasks.submit(taskDraft('offered'), { agent: 'ann', ms: 60_000 });
    const retried = await submitAndTake(tasks, 'retried');
    await tasks.fail(retried, { reason: 'broken', retryable: true, jitter: 0.5 });
    const held = await submitAndTake(tasks, 'held');
    await tasks.renew({ lease: held, note: 'half' });
    for (const id of ['asks', 'able', 'offered', 'retried', 'held'])
      await tasks.cancel(key(id), 'no more', 'me');
    const states = ['completed', 'dead', 'cancelled'] as const;
    assert.equal(await tasks.purge({ states }, await opened.now(), 100), 8);
    assert.deepEqual(await inside.keys(), ['events:log', 'tasks:namespaces', 'tasks:totals:shop']);
    assert.equal((await tasks.counts(undefined)).completed, 1);
  });

  it('are passed over where somebody deleted a queue by hand', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { tasks } = opened;
    for (const [id, capabilities] of Object.entries({ a: [], b: ['x'], c: ['x', 'y'] }))
      await tasks.submit(taskDraft(id, { capabilities }));
    await client.unlink(`${prefix}tasks:ready:shop:`, `${prefix}tasks:ready:shop:x`);
    for (const left of await client.zrange(`${prefix}tasks:heads:shop`, '0', '-1'))
      await client.zadd(`${prefix}tasks:heads:shop`, 1, left);
    const claimed = await tasks.claim(want('ann', { count: 3, capabilities: ['x', 'y'] }));
    assert.deepEqual(
      claimed.map(({ task }) => task.id),
      ['c'],
    );
    assert.deepEqual(await client.zrange(`${prefix}tasks:heads:shop`, '0', '-1'), []);
  });

  it('are passed over where somebody deleted a task by hand', async () => {
    const { client, prefix } = inside;
    await using opened = await open();
    const { tasks } = opened;
    for (const id of ['gone', 'here']) {
      await tasks.submit(taskDraft(id, { deadline: (await opened.now()) + 60_000 }));
      await opened.elapse(1);
    }
    await client.unlink(`${prefix}task:shop:gone`);
    const claimed = await tasks.claim(want('ann', { count: 2 }));
    assert.deepEqual(
      claimed.map(({ task }) => task.id),
      ['here'],
    );
    await opened.elapse(120_000);
    await tasks.tick(10);
    assert.equal((await tasks.tick(10)).nextAt, undefined);
    const left = await tasks.list({}, { limit: 10, offset: 0 });
    assert.deepEqual(
      left.tasks.map(({ id }) => id),
      ['here'],
    );
    assert.equal(await tasks.releaseAll('shop', 'ann', false), 0);
    await tasks.cancel(key('here'), 'no more', 'me');
    await client.unlink(`${prefix}task:shop:here`);
    assert.equal(await tasks.purge({ states: ['dead', 'cancelled'] }, await opened.now(), 10), 0);
  });

  it('find one owner among others, also where each has very many', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const ids = Array.from({ length: 1_800 }, (_, i) => `${i}`);
    await Promise.all(
      ids.map((id, i) => tasks.submit(taskDraft(id, { owner: i % 3 === 0 ? 'bob@host' : 'ada@host' }))),
    );
    const taken = await tasks.claim(want('ann', { count: 50 }));
    const page = { limit: 2_000, offset: 0 };
    const everybodys = (await tasks.list({}, page)).tasks;
    assert.equal(everybodys.length, 1_800);
    for (const owner of ['ada@host', 'bob@host'])
      for (const states of [['ready'], ['leased'], ['leased', 'ready', 'dead']] as const) {
        const own = everybodys.filter(
          task => task.owner === owner && [...states].some(one => one === task.state),
        );
        for (const [offset, limit] of [
          [0, 10],
          [own.length - 5, 10],
        ] as const) {
          const { tasks: found, total } = await tasks.list({ owner, states }, { limit, offset });
          assert.equal(total, own.length);
          assert.deepEqual(found, own.slice(offset, offset + limit));
        }
      }
    assert.equal(taken.length, 50);
  });

  it('stay as they are where a claim finds nothing', async () => {
    const { client } = inside;
    await using opened = await open();
    const { tasks } = opened;
    await tasks.submit(taskDraft('hard', { capabilities: ['gpu'] }));
    const changes = async () =>
      /rdb_changes_since_last_save:(\d+)/.exec(await client.info('persistence'))![1];
    const before = await changes();
    assert.deepEqual(await tasks.claim(want('ann')), []);
    await tasks.tick(100);
    assert.equal(await changes(), before);
  });
});
