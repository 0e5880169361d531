import assert from 'node:assert/strict';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import type { WorkEvent } from '../../../src/engine/ports/eventBus.ts';
import { AgentNames } from '../../../src/surfaces/editor/engine/agentNames.ts';
import { followWork, workEventOf } from '../../../src/surfaces/editor/engine/followWork.ts';
import { othersOf } from '../../../src/surfaces/editor/engine/others.ts';
import { taskNews, teamOf } from '../../../src/surfaces/editor/engine/team.ts';
import { teamText } from '../../../src/surfaces/editor/work/teamText.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { english } from '../../fixtures/english.ts';
import { silent } from '../../fixtures/logger.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { until } from '../../fixtures/until.ts';

const sessionOf = (client: string, instance = `${client}-1`): Caller => ({
  ...callerNamed(client),
  ...{ instance, lasting: true },
});
const window = sessionOf('vscode');
const claude = sessionOf('claude-code');

async function opened() {
  const folder = await temporaryFolder();
  const engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
  return {
    engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function completed(engine: Engine, caller: Caller, by: Caller) {
  const { id: preferredAgent } = await engine.agents.acting(undefined, 'shop', by);
  const { task } = await engine.tasks.submit({ title: 'Mend the build', preferredAgent }, caller);
  const [claimed] = await engine.tasks.claim({ namespace: 'shop', limit: 1, ids: [task.id] }, by);
  await engine.tasks.complete({ id: task.id }, {}, {}, by);
  return { namespace: 'shop', id: task.id, agent: claimed!.task.holder! };
}

describe('what a window hears of its tasks', function () {
  this.timeout(30_000);

  it('is who completed one that it distributed, also when that agent has left', async () => {
    await using one = await opened();
    const { engine } = one;
    const names = new AgentNames(engine.agents);
    const { task } = await engine.tasks.submit({ title: 'Mend the build' }, window);
    await engine.tasks.claim({ namespace: 'shop', limit: 1 }, claude);
    const agent = engine.agents.idOf(claude);
    const { name } = await engine.agents.get({ namespace: 'shop', id: agent });
    await names.hear({ type: 'task', namespace: 'shop', subject: task.id, change: 'leased', agent });
    await engine.tasks.complete({ id: task.id }, {}, {}, claude);
    await engine.agents.leave(claude.instance);
    const news = await taskNews(engine, { namespace: 'shop', id: task.id, agent }, window, names);
    assert.deepEqual(
      [news.title, news.state, news.mine, news.by],
      ['Mend the build', 'completed', true, name],
    );
  });

  it('is nothing of what others distributed, nor another window that is there', async () => {
    await using one = await opened();
    const { engine } = one;
    const names = new AgentNames(engine.agents);
    const ofClaude = await completed(engine, claude, window);
    assert.equal((await taskNews(engine, ofClaude, window, names)).mine, false);
    const another = sessionOf('vscode', 'vscode-2');
    const ofAnother = await completed(engine, another, claude);
    assert.equal((await taskNews(engine, ofAnother, window, names)).mine, false);
    // It was loaded anew, or closed: its person is still here.
    await engine.agents.leave(another.instance);
    assert.equal((await taskNews(engine, ofAnother, window, names)).mine, true);
  });

  it('comes as events, as soon as others do something', async () => {
    await using one = await opened();
    const { engine } = one;
    const told: WorkEvent[] = [];
    using _ = followWork(engine, window, event => told.push(event), silent);
    await until(async () => {
      await engine.tasks.submit({ title: 'Until it is heard' }, claude);
      return told.length > 0;
    });
    const { id, ...about } = await completed(engine, window, claude);
    const mine = () => told.filter(event => event.subject === id).map(event => event.change);
    await until(() => mine().includes('completed'));
    assert.deepEqual(mine().slice(0, 1), ['ready']);
    assert.ok(told.every(event => about.namespace === event.namespace && workEventOf(event)));
  });

  it('is taken as an event only when it is one', () => {
    const event = { type: 'task', namespace: 'shop', subject: '1', change: 'ready', agent: '' } as const;
    assert.deepEqual(workEventOf({ ...event, audience: { owner: 'ada', to: [] } }), event);
    for (const other of [null, 'task', {}, { ...event, type: 'memory' }, { ...event, subject: 1 }])
      assert.equal(workEventOf(other), undefined);
  });
});

describe('the team of a window', function () {
  this.timeout(30_000);

  it('is said in a few words, and in none while nobody is there', async () => {
    await using one = await opened();
    const { engine } = one;
    assert.equal(teamText(await teamOf(engine, window), english), '');
    await engine.tasks.submit({ title: 'Later', capabilities: ['windows'] }, window);
    await engine.tasks.submit({ title: 'Now' }, window);
    const team = await teamOf(engine, window);
    assert.equal(team.self, team.agents[0]!.id);
    assert.equal(teamText(team, english), ` 1 agent is here: ${team.agents[0]!.name}. 2 tasks wait.`);
    await engine.tasks.claim({ namespace: 'shop', limit: 2 }, claude);
    assert.match(
      teamText(await teamOf(engine, window), english),
      / 2 agents are here: .* 1 task waits\. 1 is worked on\.$/,
    );
  });
});

describe('whose work can be continued', function () {
  this.timeout(30_000);

  it('is that of agents with what they do, and of clients that are gone but left something, newest first', async () => {
    await using one = await opened();
    const { engine } = one;
    const call = callToolsOn(async () => engine);
    assert.deepEqual(await othersOf(engine, window), []);
    await call('store_memory', { content: '# The parser is slow\n\nIt copies.' }, callerNamed('codex'));
    await call('store_memory', { content: 'This window says so.' }, window);
    await engine.tasks.submit({ title: 'Mend the build' }, window);
    await engine.tasks.claim({ namespace: 'shop', limit: 1 }, claude);
    await call('store_memory', { content: 'The linker is at fault.' }, claude);
    const found = await othersOf(engine, window);
    assert.deepEqual(
      found.map(({ id, presence, stored, tasks }) => ({ id, presence, stored, tasks })),
      [
        {
          ...{ id: engine.agents.idOf(claude), presence: 'online', stored: 'The linker is at fault.' },
          tasks: ['Mend the build'],
        },
        { id: 'codex', presence: 'gone', stored: 'The parser is slow', tasks: [] },
      ],
    );
    assert.equal(found[1]!.name, 'Codex');
  });
});
