import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const worker = sessionOf(claude);

describe('agents of the engine', () => {
  it('are the sessions by themselves, each with a name', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { agents } = opened.together;
    const first = await agents.acting(undefined, 'shop', worker);
    const again = await agents.acting(undefined, 'shop', worker);
    const second = await agents.acting(undefined, 'shop', sessionOf(claude, 'another'));
    const window = await agents.acting(undefined, 'shop', sessionOf(editor));
    assert.equal(again.id, first.id);
    assert.equal(new Set([first.id, second.id, window.id]).size, 3);
    assert.deepEqual([first.name, first.type], ['Claude Code on laptop', 'claude']);
    assert.deepEqual([window.name, window.type], ['VS Code on laptop', 'vscode']);
    assert.equal((await agents.list(['shop'])).length, 3);
    assert.deepEqual(await agents.list(['elsewhere']), []);
  });

  it('keep a name of their own from session to session', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { agents } = opened.together;
    const named = (instance: string) => ({ ...sessionOf(claude, instance), agent: 'reviewer' });
    const before = await agents.register({ capabilities: ['review'] }, 'shop', named('monday'));
    const after = await agents.acting(undefined, 'shop', named('tuesday'));
    assert.match(after.id, /^reviewer-[0-9a-f]{4}$/);
    assert.deepEqual([after.id, after.registeredAt], [before.id, before.registeredAt]);
    assert.equal(after.name, 'reviewer (Claude Code on laptop)');
    assert.deepEqual(after.capabilities, ['review']);
  });

  it('have a name beside other clients of the same setting', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { tasks } = opened.together;
    await tasks.submit({ title: 'One' }, { ...worker, agent: 'me' });
    await tasks.submit({ title: 'Two' }, { ...sessionOf(editor), agent: 'me' });
    assert.equal((await opened.together.agents.list(['shop'])).length, 2);
  });

  it('of one name in two processes lose nothing when one of them ends', async () => {
    await using folder = await temporaryFolder();
    await using staying = await openTogether(folder.path);
    const leaving = await openTogether(folder.path);
    const named = (instance: string) => ({ ...sessionOf(claude, instance), agent: 'me' });
    for (const title of ['stays', 'goes', 'more'])
      await staying.together.tasks.submit({ title, id: title }, sessionOf(editor));
    await staying.together.tasks.claim({ limit: 1, ids: ['stays'] }, named('staying'));
    await staying.together.files.claim({ globs: ['src/**'] }, named('staying'));
    await leaving.together.tasks.claim({ limit: 1, ids: ['goes'] }, named('leaving'));
    await leaving[Symbol.asyncDispose]();
    const stateOf = async (id: string) =>
      (await staying.store.work.tasks.get({ namespace: 'shop', id }))?.state;
    assert.deepEqual([await stateOf('stays'), await stateOf('goes')], ['leased', 'ready']);
    assert.equal((await staying.together.files.list(['shop'])).length, 1);
    const { agents, tasks } = staying.together;
    assert.ok((await agents.list(['shop'])).some(({ id }) => id.startsWith('me-')));
    assert.equal((await tasks.complete({ id: 'stays' }, {}, {}, named('staying'))).state, 'completed');
  });

  it('are spoken for by their own principal only', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { agents } = opened.together;
    await agents.register({ id: 'reviewer' }, 'shop', worker);
    const thief = sessionOf(editor);
    const forbidden = (error: unknown) => MemoryError.is(error, 'forbidden');
    await assert.rejects(agents.register({ id: 'reviewer' }, 'shop', thief), forbidden);
    await assert.rejects(agents.heartbeat('reviewer', { status: 'busy' }, 'shop', thief), forbidden);
    await assert.rejects(agents.unregister('reviewer', 'shop', thief), forbidden);
    await assert.rejects(
      agents.acting('nobody', 'shop', thief),
      (error: unknown) => MemoryError.is(error, 'not_found') && /register_agent/.test(error.fix),
    );
  });

  it('give their work to others when they leave', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { agents, files, tasks } = opened.together;
    const { task } = await tasks.submit({ title: 'Left behind' }, sessionOf(editor));
    await tasks.claim({ limit: 1 }, worker);
    await files.claim({ globs: ['src/**'] }, worker);
    const { requeued } = await agents.unregister(undefined, 'shop', worker);
    assert.equal(requeued, 1);
    assert.deepEqual(await files.list(['shop']), []);
    assert.equal((await tasks.get({ id: task.id }, claude)).task.state, 'ready');
    assert.ok(!(await agents.list(['shop'])).some(({ client }) => client === 'claude-code'));
  });

  it('are kept alive by their process, and forgotten by others that fall silent', async () => {
    await using folder = await temporaryFolder();
    let skew = 0;
    const now = () => Date.now() + skew;
    await using living = await openTogether(folder.path, { now, heartbeatMs: 30 });
    const dying = await openTogether(folder.path, { now, heartbeatMs: 1_000_000 });
    const holder = sessionOf(claude, 'dying');
    await living.together.agents.acting(undefined, 'shop', sessionOf(editor));
    const { task } = await living.together.tasks.submit({ title: 'Held' }, sessionOf(editor));
    await dying.together.tasks.claim({ limit: 1, leaseMs: 3_600_000 }, holder);
    await dying.together.files.claim({ globs: ['a.ts'], ttlMs: 3_600_000 }, holder);
    // The other heartbeat goes on, this one does not.
    skew += 100_000;
    await until(async () => (await living.store.work.tasks.get(task))?.state === 'ready');
    assert.equal((await living.store.work.tasks.get(task))?.losses, 1);
    await until(async () => (await living.together.files.list(['shop'])).length === 0);
    const there = await living.together.agents.list(['shop']);
    assert.deepEqual(
      there.map(({ client, presence }) => [client, presence]),
      [
        ['claude-code', 'offline'],
        ['vscode', 'online'],
      ],
    );
    await dying[Symbol.asyncDispose]();
  });
});

describe('claims on files', () => {
  it('are refused to others, who learn who holds what, until they are free', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { files } = opened.together;
    const window = sessionOf(editor);
    const claim = await files.claim({ globs: ['src/engine/**', 'README.md'], note: 'refactoring' }, worker);
    await assert.rejects(
      files.claim({ globs: ['src/**/tasks.ts'] }, window),
      (error: unknown) =>
        MemoryError.is(error, 'conflict') &&
        /src\/engine\/\*\*, README\.md by claude-code/.test(error.message),
    );
    await files.claim({ globs: ['src/surfaces/**'] }, window);
    await assert.rejects(
      files.renew({ id: claim.id, fence: claim.fence - 1 }, 5000, worker),
      (error: unknown) => MemoryError.is(error, 'stale_lease'),
    );
    await files.release({ id: claim.id, fence: claim.fence }, worker);
    await files.claim({ globs: ['src/**/tasks.ts'] }, window);
    await assert.rejects(files.renew({ id: claim.id, fence: claim.fence }, 5000, worker), (error: unknown) =>
      MemoryError.is(error, 'stale_lease'),
    );
  });
});
