import assert from 'node:assert/strict';
import type { Engine } from '../../../../src/engine/engine.ts';
import type { Caller } from '../../../../src/engine/model/caller.ts';
import { boardOf } from '../../../../src/surfaces/editor/engine/board.ts';
import { sessionsOf } from '../../../../src/surfaces/editor/engine/sessionRecords.ts';
import { tagCounts } from '../../../../src/surfaces/editor/engine/tagCounts.ts';
import { groupsOf, tasksOf } from '../../../../src/surfaces/editor/sidebar/taskNodes.ts';
import { callerNamed } from '../../../fixtures/callers.ts';
import { openEngine } from '../../../fixtures/engine.ts';
import { temporaryFolder } from '../../../fixtures/temporaryFolder.ts';

const sessionOf = (client: string): Caller => ({
  ...callerNamed(client),
  ...{ instance: `${client}-1`, lasting: true },
});
const window = sessionOf('vscode');
const claude = sessionOf('claude-code');

async function opened(run: (engine: Engine) => Promise<void>) {
  await using folder = await temporaryFolder();
  await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
  await run(engine);
}

/** One task of each kind: asked, dead, in work, offered, blocked, completed. */
async function withTasks({ agents, tasks }: Engine): Promise<void> {
  await agents.acting(undefined, 'shop', claude);
  const submit = async (title: string, more: object = {}) =>
    (await tasks.submit({ title, id: title, ...more }, window)).task.id;
  const take = async (title: string) => {
    const id = await submit(title);
    await tasks.claim({ namespace: 'shop', limit: 1, ids: [id] }, claude);
    return { id };
  };
  await tasks.ask(await take('asked'), 'Which one?', claude);
  await tasks.fail(await take('dead'), { reason: 'It burnt.', retryable: false }, claude);
  await tasks.complete(await take('done'), { large: 'x'.repeat(1000) }, {}, claude);
  await tasks.progress(await take('working'), { progress: 40 }, claude);
  await submit('free', { capabilities: ['browser'] });
  await submit('blocked', { dependsOn: ['free'] });
}

describe('the board of agents and tasks', function () {
  this.timeout(30_000);

  it('has who is here and what is to be done, without what is long', () =>
    opened(async engine => {
      await withTasks(engine);
      const board = await boardOf(engine, window);
      assert.equal(board.self, engine.agents.idOf(window));
      assert.deepEqual(
        board.agents.map(({ type, tasks, status }) => [type, tasks, status]),
        [
          ['claude', 1, 'busy'],
          ['vscode', 0, 'idle'],
        ],
      );
      assert.deepEqual([board.counts.leased, board.counts.completed, board.tasks.length], [1, 1, 6]);
      assert.deepEqual(board.tasks.find(({ id }) => id === 'blocked')!.waitsFor, ['free']);
      assert.ok(!JSON.stringify(board).includes('xxx'));
      assert.deepEqual(await boardOf(engine, window), board);
    }));

  it('is grouped by state, what needs a person first, with what is over folded', () =>
    opened(async engine => {
      await withTasks(engine);
      const groups = groupsOf(await boardOf(engine, window), 'state');
      assert.deepEqual(
        groups.map(({ key, folded, leaves }) => [key, folded, leaves.map(({ task }) => task.title)]),
        [
          ['input_required', false, ['asked']],
          ['dead', false, ['dead']],
          ['leased', false, ['working']],
          ['ready', false, ['free']],
          ['blocked', false, ['blocked']],
          ['completed', true, ['done']],
        ],
      );
    }));

  it('is grouped by agent, with what nobody has first', () =>
    opened(async engine => {
      await withTasks(engine);
      const board = await boardOf(engine, window);
      const id = engine.agents.idOf(claude);
      const groups = groupsOf(board, 'agent');
      assert.deepEqual(
        groups.map(({ key, total, folded, leaves }) => [key, total, folded, leaves.length]),
        [
          ['nobody', 3, false, 3],
          [`agent/${id}`, 1, false, 1],
          ['ended', 2, true, 2],
        ],
      );
      assert.equal(groups[1]!.name, board.agents[0]!.name);
      assert.deepEqual(
        tasksOf(board, id).map(({ task, who }) => [task.title, who]),
        [['working', board.agents[0]!.name]],
      );
    }));

  it('counts those that are too many to list', () =>
    opened(async engine => {
      for (let i = 0; i < 30; i++) {
        const { task } = await engine.tasks.submit({ title: `Task ${i}` }, window);
        await engine.tasks.cancel({ id: task.id }, 'too many', window);
      }
      const [cancelled] = groupsOf(await boardOf(engine, window), 'state');
      assert.deepEqual([cancelled!.total, cancelled!.leaves.length], [30, 25]);
      const [ended] = groupsOf(await boardOf(engine, window), 'agent');
      assert.deepEqual([ended!.key, ended!.total], ['ended', 30]);
    }));
});

describe('the sessions of a window', function () {
  this.timeout(30_000);

  it('are those that were saved and those in which something was stored, newest first', () =>
    opened(async engine => {
      assert.deepEqual(await sessionsOf(engine, window), []);
      await engine.memories.store([{ content: 'The parser copies.', session: 'monday' }], claude);
      await engine.records.sessions.put({
        ...{ id: 'tuesday', context: '# The linker\n\nIt is at fault.', files: ['a.ts'] },
        ...{ currentTask: '', lastTool: 'edit', node: 'tower' },
      });
      await engine.memories.store([{ content: 'It links twice.', session: 'tuesday' }], claude);
      const sessions = await sessionsOf(engine, window);
      assert.deepEqual(sessions.map(({ id, title, memories, node }) => [id, title, memories, node]).sort(), [
        ['monday', 'The parser copies.', 1, ''],
        ['tuesday', 'The linker', 1, 'tower'],
      ]);
      assert.ok(sessions[0]!.at >= sessions[1]!.at);
    }));
});

describe('the tags in use', function () {
  this.timeout(30_000);

  it('are counted among the memories that the window reads, most used first', () =>
    opened(async engine => {
      const elsewhere = { ...claude, namespace: 'other' };
      await engine.memories.store([{ content: 'one', tags: ['bank', 'api'] }], claude);
      await engine.memories.store([{ content: 'two', tags: ['bank'] }], claude);
      await engine.memories.store([{ content: 'three', tags: ['bank', 'secret'] }], elsewhere);
      assert.deepEqual(await tagCounts(engine, window), [
        { tag: 'bank', count: 2 },
        { tag: 'api', count: 1 },
      ]);
    }));
});
