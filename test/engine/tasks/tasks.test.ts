import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Metadata } from '../../../src/engine/model/memory.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const worker = sessionOf(claude);
const other = sessionOf(editor);

async function open() {
  const folder = await temporaryFolder();
  const clock = { ms: 1_800_000_000_000 };
  const opened = await openTogether(folder.path, { now: () => clock.ms });
  return {
    ...opened,
    ...opened.together,
    tasks: opened.together.tasks,
    agents: opened.together.agents,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function refusal(code: string, words: RegExp) {
  return (error: unknown) => MemoryError.is(error) && error.code === code && words.test(error.message);
}

describe('tasks of the engine', () => {
  it('go from one agent to another and back', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const { task, created } = await tasks.submit({ title: 'Count the lines' }, other);
    assert.ok(created && task.state === 'ready');
    const [claimed] = await tasks.claim({ limit: 5 }, worker);
    assert.equal(claimed?.task.id, task.id);
    await tasks.progress({ id: task.id }, { progress: 40, note: 'half of it' }, worker);
    const done = await tasks.complete({ id: task.id }, { lines: 12 }, { tokens: 3 }, worker);
    assert.equal(done.state, 'completed');
    const seen = await tasks.get({ id: task.id }, other);
    assert.deepEqual([seen.task.result, seen.task.metrics], [{ lines: 12 }, { tokens: 3 }]);
    assert.deepEqual(
      (await tasks.history({ id: task.id }, other)).map(({ event }) => event),
      ['submit', 'claim', 'renew', 'complete'],
    );
  });

  it('can be ended by their holder only, whoever else knows the fence', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const { task } = await tasks.submit({ title: 'Mine' }, other);
    const [claimed] = await tasks.claim({ limit: 1 }, worker);
    const fence = claimed!.task.fence;
    await assert.rejects(
      tasks.complete({ id: task.id, fence }, {}, {}, other),
      refusal('stale_lease', /does not hold/),
    );
    await assert.rejects(
      tasks.complete({ id: task.id, fence, leaseId: 'guessed' }, {}, {}, other),
      refusal('stale_lease', /./),
    );
    await assert.rejects(
      tasks.complete({ id: task.id, fence: fence + 1 }, {}, {}, worker),
      refusal('stale_lease', /./),
    );
    assert.equal((await tasks.complete({ id: task.id, fence }, {}, {}, worker)).state, 'completed');
  });

  it('are shown by the session that claimed them only, though another is of the same agent', async () => {
    await using opened = await open();
    const { tasks, agents } = opened;
    await agents.register({ id: 'ann' }, 'shop', worker);
    await tasks.submit({ title: 'Mine', id: 'mine' }, other);
    await tasks.claim({ agent: 'ann', limit: 1 }, worker);
    const twin = sessionOf(claude, 'twin');
    await assert.rejects(
      tasks.complete({ id: 'mine', agent: 'ann' }, {}, {}, twin),
      refusal('stale_lease', /does not hold/),
    );
    assert.equal((await tasks.complete({ id: 'mine', agent: 'ann' }, {}, {}, worker)).state, 'completed');
  });

  it('are completed once, and whoever got no answer is told the same again', async () => {
    await using opened = await open();
    const { tasks } = opened;
    await tasks.submit({ title: 'Once', id: 'once' }, other);
    await tasks.claim({ limit: 1 }, worker);
    const first = await tasks.complete({ id: 'once' }, { n: 1 }, {}, worker);
    const again = await tasks.complete({ id: 'once' }, { n: 2 }, {}, worker);
    assert.deepEqual([again.result, again.version], [{ n: 1 }, first.version]);
  });

  it('are given back where whoever waited for one is gone', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const stop = new AbortController();
    const waiting = tasks.claim({ limit: 1, waitMs: 20_000 }, worker, stop.signal);
    const submitting = tasks.submit({ title: 'For nobody', id: 'nobody' }, other);
    stop.abort();
    assert.deepEqual(await waiting, []);
    await submitting;
    assert.equal((await tasks.get({ id: 'nobody' }, other)).task.state, 'ready');
  });

  it('say why they wait', async () => {
    await using opened = await open();
    const { tasks, agents } = opened;
    const gpu = await tasks.submit({ title: 'Train', capabilities: ['gpu'] }, other);
    assert.equal(gpu.waiting, 'no agent with capability gpu');
    const after = await tasks.submit({ title: 'Deploy', dependsOn: [gpu.task.id] }, other);
    assert.equal(after.waiting, `waits for “Train” (${gpu.task.id}, ready)`);
    await agents.register({ capabilities: ['gpu'] }, 'shop', worker);
    assert.equal((await tasks.get({ id: gpu.task.id }, other)).waiting, 'no agent has asked for it yet');
    const offered = await tasks.submit({ title: 'Train more', capabilities: ['gpu'] }, other);
    assert.match(offered.waiting!, /^is offered to claude-code-\w{6} for 5 s$/);
  });

  it('are offered to equals equally', async () => {
    await using opened = await open();
    const { tasks, agents } = opened;
    const equals = ['a', 'b', 'c', 'd'];
    for (const id of equals) await agents.register({ id }, 'shop', worker);
    const offers = new Map<string, number>();
    for (let i = 0; i < 200; i++) {
      const { task } = await tasks.submit({ title: `Task ${i}` }, other);
      offers.set(task.offeredTo!, (offers.get(task.offeredTo!) ?? 0) + 1);
    }
    for (const id of equals) assert.ok(Math.abs(offers.get(id)! - 50) <= 5, `${id} got ${offers.get(id)}`);
  });

  it('are offered to the agent that was asked for, and to others when it does not come', async () => {
    await using opened = await open();
    const { tasks, agents, pass } = opened;
    await agents.register({ id: 'ann' }, 'shop', worker);
    await agents.register({ id: 'bob' }, 'shop', worker);
    const { task } = await tasks.submit({ title: 'For ann', preferredAgent: 'ann' }, other);
    assert.equal(task.offeredTo, 'ann');
    assert.deepEqual(await tasks.claim({ agent: 'bob', limit: 1 }, worker), []);
    pass(30_001);
    assert.equal((await tasks.claim({ agent: 'bob', limit: 1 }, worker))[0]?.task.id, task.id);
  });

  it('wake who waits for them', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const waiting = tasks.claim({ limit: 1, waitMs: 20_000 }, worker);
    const { task } = await tasks.submit({ title: 'At last' }, other);
    assert.equal((await waiting)[0]?.task.id, task.id);
    const none = await tasks.claim({ limit: 1, waitMs: 50 }, worker);
    assert.deepEqual(none, []);
    const stop = new AbortController();
    const stopped = tasks.claim({ limit: 1, waitMs: 50_000 }, worker, stop.signal);
    stop.abort();
    assert.deepEqual(await stopped, []);
  });

  it('hold no secrets', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
    const payload: Metadata = { steps: [`use ${token}`] };
    const { task } = await tasks.submit({ title: 'Push', description: `with ${token}`, payload }, other);
    await tasks.claim({ limit: 1 }, worker);
    await tasks.progress({ id: task.id }, { note: token }, worker);
    await tasks.complete({ id: task.id }, { said: token }, {}, worker);
    const shown = JSON.stringify([
      await tasks.get({ id: task.id }, other),
      await tasks.history({ id: task.id }, other),
    ]);
    assert.ok(!shown.includes(token), shown);
    assert.match(shown, /\[secret: /);
  });

  it('refuse what cannot be kept, and change nothing', async () => {
    await using opened = await open();
    const { tasks } = opened;
    const drafts = [
      { title: ' ' },
      { title: 'x'.repeat(301) },
      { title: 'a', id: '' },
      { title: 'a', id: 'b', dependsOn: ['b'] },
      { title: 'a', leaseMs: 10 },
      { title: 'a\0' },
      { title: 'a', capabilities: Array.from({ length: 65 }, (_, i) => `c${i}`) },
    ];
    for (const draft of drafts) await assert.rejects(tasks.submit(draft, other), MemoryError);
    await assert.rejects(
      tasks.submit({ title: 'a', dependsOn: ['nowhere'] }, other),
      refusal('not_found', /nowhere/),
    );
    assert.equal((await tasks.list({}, { limit: 10, offset: 0 })).total, 0);
  });
});

describe('leases of a session', () => {
  it('are renewed as long as its process lives, and end with it', async () => {
    await using folder = await temporaryFolder();
    await using first = await openTogether(folder.path);
    const { task } = await first.together.tasks.submit({ title: 'Long', leaseMs: 1000 }, other);
    const second = await openTogether(folder.path);
    const holder = sessionOf(claude, 'second');
    const [claimed] = await second.together.tasks.claim({ limit: 1 }, holder);
    const begun = claimed!.task.leaseUntil!;
    await until(async () => {
      const seen = await first.store.work.tasks.get(task);
      return seen!.leaseUntil! > begun + 1500;
    });
    await second[Symbol.asyncDispose]();
    assert.equal((await first.store.work.tasks.get(task))?.state, 'ready');
  });

  it('tell at the next heartbeat what was cancelled meanwhile', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { tasks, agents } = opened.together;
    const { task } = await tasks.submit({ title: 'Vain', leaseMs: 1000 }, other);
    await tasks.claim({ limit: 1 }, worker);
    await tasks.cancel({ id: task.id }, 'nobody needs it', other);
    const agent = await agents.acting(undefined, 'shop', worker);
    let lost: readonly { readonly id: string; readonly reason: string }[] = [];
    await until(() => {
      lost = tasks.takeLost(agent);
      return lost.length > 0;
    });
    assert.equal(lost[0]?.id, task.id);
    assert.match(lost[0]!.reason, /cancelled.*nobody needs it/);
    assert.deepEqual(tasks.takeLost(agent), []);
  });
});
