import assert from 'node:assert/strict';
import { MemoryError } from '../../../src/engine/errors.ts';
import { handoffText } from '../../../src/engine/handoff/handoffText.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const window = sessionOf(editor);
const worker = sessionOf(claude);

describe('a handover', () => {
  it('continues what another client of the same user was doing', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { files, handoffs, tasks } = opened.together;
    const { task } = await tasks.submit({ title: 'Mend the login', description: 'It loops.' }, window);
    await tasks.claim({ limit: 1 }, worker);
    await tasks.progress({ id: task.id }, { progress: 60, note: 'the cookie is stale' }, worker);
    await files.claim({ globs: ['src/login/**'] }, worker);
    const seen = await handoffs.receive('claude-code', false, undefined, window);
    const text = handoffText(seen);
    for (const part of [
      'Mend the login',
      '60 % done',
      'the cookie is stale',
      'src/login/**',
      'Claude Code on laptop',
    ])
      assert.ok(text.includes(part), `${part} is missing in ${text}`);
    const taken = await handoffs.receive('claude-code', true, undefined, window);
    assert.deepEqual(
      taken.taken.map(one => one.task.id),
      [task.id],
    );
    await assert.rejects(tasks.complete({ id: task.id }, {}, {}, worker), (error: unknown) =>
      MemoryError.is(error, 'stale_lease'),
    );
    assert.equal((await tasks.complete({ id: task.id }, {}, {}, window)).state, 'completed');
  });

  it('is given with a note, and the work is offered to who shall go on', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { agents, handoffs, tasks } = opened.together;
    const next = await agents.acting(undefined, 'shop', window);
    const { task } = await tasks.submit({ title: 'Half done' }, window);
    await tasks.claim({ limit: 1 }, worker);
    await handoffs.give('vscode', 'The tests are missing.', undefined, worker);
    const left = await tasks.get({ id: task.id }, window);
    assert.deepEqual([left.task.state, left.task.offeredTo], ['ready', next.id]);
    const received = await handoffs.receive(undefined, true, undefined, window);
    assert.ok(handoffText(received).includes('The tests are missing.'));
    assert.deepEqual(
      received.taken.map(one => one.task.id),
      [task.id],
    );
  });

  it('is given without what was lost meanwhile', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs, tasks } = opened.together;
    for (const id of ['lost', 'kept']) await tasks.submit({ title: id, id }, window);
    assert.equal((await tasks.claim({ limit: 2 }, worker)).length, 2);
    await tasks.cancel({ id: 'lost' }, 'Nobody wants it.', window);
    await handoffs.give('vscode', 'Half done.', undefined, worker);
    const stateOf = async (id: string) => (await tasks.get({ id }, window)).task.state;
    assert.deepEqual([await stateOf('lost'), await stateOf('kept')], ['cancelled', 'ready']);
  });

  it('is not taken from somebody else who is at work', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs, tasks } = opened.together;
    await tasks.submit({ title: 'Mine' }, window);
    await tasks.claim({ limit: 1 }, worker);
    const thief = sessionOf(
      { ...claude, principal: { id: 'eve@host/gemini-cli', client: 'gemini-cli' } },
      'eve',
    );
    await assert.rejects(handoffs.receive('claude-code', true, undefined, thief), (error: unknown) =>
      MemoryError.is(error, 'forbidden'),
    );
  });

  it('lets nobody between who waits for tasks', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs, tasks } = opened.together;
    for (let i = 0; i < 10; i++) await tasks.submit({ title: `Task ${i}` }, window);
    assert.equal((await tasks.claim({ limit: 10 }, worker)).length, 10);
    const rival = sessionOf(editor, 'rival');
    const waiting = tasks.claim({ limit: 10, waitMs: 300 }, rival);
    const { taken } = await handoffs.receive('claude-code', true, undefined, window);
    assert.equal(taken.length, 10);
    assert.deepEqual(await waiting, []);
  });

  it('has room for 1,500 tokens, however much there is, and says what it leaves out', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs, tasks } = opened.together;
    for (let i = 0; i < 20; i++)
      await tasks.submit(
        { title: `Task ${i} ${'long '.repeat(50)}`, description: 'word '.repeat(5000) },
        window,
      );
    await tasks.claim({ limit: 20 }, worker);
    const text = handoffText(await handoffs.receive('claude-code', false, undefined, window));
    assert.ok(text.length <= 6000, `${text.length}`);
    assert.match(text, /\d+ more lines left out/);
  });

  it('knows what a client left that is not here any more, under each of its names', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs } = opened.together;
    await opened.store.memories.insert([draft('The cookie is stale.', { agent: 'codex' })], claude);
    for (const name of ['codex', 'codex-mcp-client']) {
      const { memories } = await handoffs.receive(name, false, undefined, window);
      assert.deepEqual(
        memories.map(({ content }) => content),
        ['The cookie is stale.'],
      );
    }
  });

  it('says so where nobody else has worked', async () => {
    await using folder = await temporaryFolder();
    await using opened = await openTogether(folder.path);
    const { handoffs } = opened.together;
    assert.equal(
      handoffText(await handoffs.receive(undefined, false, undefined, window)),
      'Nobody else has worked here.',
    );
    await assert.rejects(handoffs.receive('claude-code', false, undefined, window), (error: unknown) =>
      MemoryError.is(error, 'not_found'),
    );
  });
});
