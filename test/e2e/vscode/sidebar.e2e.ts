import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { again } from './again.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import { resizeSideBar } from './resizeSideBar.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
/** Works on the same store, in a process of its own. */
const gemini: Caller = { ...callerNamed('gemini-cli', NAMESPACE), lasting: true };
const NAME = `Gemini CLI on ${hostname()}`;
/** Until what is dragged is dropped. Milliseconds. */
const DROPS_MS = 10_000;

describe('the side bar of the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({ engine: true });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;

  const badge = () =>
    window.page
      .locator('.activitybar .action-item', { has: window.page.locator('a[aria-label^="Memory Central"]') })
      .locator('.badge-content');
  const queue = async (title: string) => {
    await window.viewAction('Tasks', 'Queue a Task');
    await window.reply('Queue a Task', title);
    await window.rowOf('Tasks', title).waitFor();
    const { tasks } = await engine.tasks.list({}, { limit: 1, offset: 0 });
    return tasks[0]!.task.id;
  };
  const stateOf = async (id: string) => (await engine.tasks.get({ id }, gemini)).task.state;
  const claim = (id: string) => engine.tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id] }, gemini);
  /** Waits until a person's choice is done; a new task is offered to somebody by itself. */
  const assigned = (id: string, to: string) =>
    until(async () => {
      const history = await engine.tasks.history({ id }, gemini);
      return history.some(({ event, note }) => event === 'assign' && note === to);
    });

  /** Drags a task onto an agent in a view, and again where one of both rows was drawn anew meanwhile. */
  const drag = (title: string, id: string, view: string) =>
    again(async () => {
      const agent = window.rowOf(view, NAME).first();
      await window.rowOf('Tasks', title).dragTo(agent, { timeout: DROPS_MS });
      const late = sleep(DROPS_MS).then(() => assert.fail(`“${title}” was not dropped.`));
      await Promise.race([assigned(id, engine.agents.idOf(gemini)), late]);
    });

  before(async () => {
    ({ engine, window } = session);
    await window.openView();
  });

  it('says in each empty view what it is for, with the next step', async () => {
    await window.pane('Tasks').getByText('No task is queued.').waitFor();
    await window.pane('Memories').getByText('Nothing is remembered here yet.').waitFor();
    await window.toggleView('Sessions');
    await window.pane('Sessions').getByText('No session of the last 7 days').waitFor();
    await window.pane('Sessions').getByText('Connect a Client').waitFor();
    await shot('side bar empty');
    await window.toggleView('Sessions');
    await clickOn(window.pane('Tasks').getByText('Queue a Task'));
    await window.reply('Queue a Task', 'Count the orders');
    await window.rowOf('Tasks', 'Count the orders').waitFor();
  });

  it('shows an agent as soon as it is there, and this window as one', async () => {
    await window.rowOf('Agents', /VS Code on .*this window/).waitFor();
    await engine.agents.acting(undefined, NAMESPACE, gemini);
    await window.rowOf('Agents', NAME).waitFor();
  });

  it('assigns a task that is dragged onto an agent', async () => {
    const id = await queue('Call the bank');
    await drag('Call the bank', id, 'Agents');
    await window.rowOf('Tasks', `offered to ${NAME}`).waitFor();
    await window.rowOf('Agents', 'Call the bank').waitFor();
  });

  it('assigns a task by a command, from the task and from the agent', async () => {
    const first = await queue('Write the release notes');
    await window.rowAction(
      'Tasks',
      'Write the release notes',
      'Assign a Task to an Agent',
      'Assign “Write the release notes”',
    );
    await window.pick(NAME);
    await assigned(first, engine.agents.idOf(gemini));
    await window.rowMenu('Tasks', 'Write the release notes', 'Offer It to Everybody', {
      done: async () => (await engine.tasks.get({ id: first }, gemini)).task.offeredTo === null,
    });
    const second = await queue('Move the invoices');
    await window.rowAction('Agents', NAME, 'Assign a Task to It', 'Which task?');
    await window.pick('Move the invoices');
    await assigned(second, engine.agents.idOf(gemini));
    await shot('side bar assigned');
    for (const id of [first, second]) await engine.tasks.cancel({ id }, 'not now', gemini);
  });

  it('does what is clicked on a row while others are at work', async () => {
    const busy = await queue('Count the invoices');
    const idle = await queue('Call the tax office');
    await claim(busy);
    let working = true;
    const work = async () => {
      for (let i = 0; working; i++) {
        await engine.tasks.progress({ id: busy }, { progress: i % 100 }, gemini);
        await sleep(20);
      }
    };
    const worked = work();
    try {
      for (let i = 0; i < 5; i++) {
        await window.rowAction(
          'Tasks',
          'Call the tax office',
          'Assign a Task to an Agent',
          'Assign “Call the tax office”',
        );
        await window.page.keyboard.press('Escape');
        await window.rowAction('Tasks', 'Call the tax office', 'Cancel Task', 'Cancel “Call the tax office”');
        await window.page.keyboard.press('Escape');
      }
    } finally {
      working = false;
      await worked;
      for (const id of [busy, idle]) await engine.tasks.cancel({ id }, 'not now', gemini);
    }
  });

  it('follows a task, counts its question on the badge, and passes the answer on', async () => {
    const id = await queue('Try the checkout');
    await claim(id);
    await engine.tasks.progress({ id }, { progress: 60 }, gemini);
    await window.rowOf('Tasks', /Try the checkout.*60 % · .* · lease \d+ s/).waitFor();
    await window.rowOf('Agents', new RegExp(`${NAME}.*Try the checkout`)).waitFor();
    assert.ok(!(await badge().isVisible()));
    await engine.tasks.ask({ id }, 'Which browser is meant?', gemini);
    await badge().getByText('1', { exact: true }).waitFor();
    await window.closeNotification('Which browser is meant?');
    await window.rowOf('Tasks', /Try the checkout.*Which browser is meant/).waitFor();
    await shot('side bar question');
    await window.rowAction('Tasks', 'Try the checkout', 'Answer a Question', 'Answer: Try the checkout');
    await window.reply('Which browser is meant?', 'Firefox');
    await until(async () => (await engine.tasks.get({ id }, gemini)).task.answer === 'Firefox');
    await badge().waitFor({ state: 'hidden' });
  });

  it('retries, requeues and cancels', async () => {
    const id = await queue('Measure the load');
    await claim(id);
    await engine.tasks.fail(
      { id },
      { reason: 'No machine', retryable: true, retryAfterMs: 3_600_000 },
      gemini,
    );
    await window.rowAction('Tasks', /Measure the load.*tried again/, 'Retry Task Now');
    await until(async () => (await stateOf(id)) === 'ready');
    await claim(id);
    await engine.tasks.fail({ id }, { reason: 'The tower burnt down', retryable: false }, gemini);
    await badge().getByText('1', { exact: true }).waitFor();
    await window.closeNotification('The tower burnt down');
    await window.rowAction('Tasks', /Measure the load.*The tower burnt down/, 'Requeue Task');
    await until(async () => (await stateOf(id)) === 'ready');
    await badge().waitFor({ state: 'hidden' });
    await window.rowAction('Tasks', 'Measure the load', 'Cancel Task', 'Cancel “Measure the load”');
    await window.reply('Cancel “Measure the load”', 'The load is known');
    await until(async () => (await engine.tasks.get({ id }, gemini)).task.reason === 'The load is known');
    // What has ended is folded.
    await window.rowOf('Tasks', 'Measure the load').waitFor({ state: 'detached' });
    const cancelled = window.rowOf('Tasks', /^Cancelled/);
    await clickOn(cancelled, cancelled);
    await window.rowOf('Tasks', /Measure the load.*The load is known/).waitFor();
    await clickOn(cancelled, cancelled);
  });

  it('groups tasks by agent, where they are dragged, too', async () => {
    await window.viewAction('Tasks', 'Group Tasks by Agent');
    await window
      .rowOf('Tasks', /^Nobody Yet|^VS Code/)
      .first()
      .waitFor();
    const { tasks } = await engine.tasks.list({ states: ['ready'] }, { limit: 9, offset: 0 });
    const free = tasks.find(({ task }) => task.title === 'Count the orders')!.task;
    await drag('Count the orders', free.id, 'Tasks');
    await shot('side bar by agent');
    await window.viewAction('Tasks', 'Group Tasks by State');
    await window.rowOf('Tasks', /^Ready/).waitFor();
  });

  it('opens a task as a document', async () => {
    const tab = window.page.locator('.tab', { hasText: 'Count the orders' });
    await window.openRow('Tasks', 'Count the orders', tab);
  });

  it('shows the same in a second window, without a word from the first', async () => {
    const two = await session.open();
    await two.openView();
    await two.rowOf('Tasks', 'Count the orders').waitFor();
    await two.rowOf('Agents', NAME).first().waitFor();
    await queue('Only said in the first');
    await two.rowOf('Tasks', 'Only said in the first').waitFor();
    await two.rowAction('Tasks', 'Only said in the first', 'Cancel Task', 'Cancel “Only said');
    await two.reply('Cancel “Only said', 'Said in the second');
    await window.rowOf('Tasks', 'Only said in the first').waitFor({ state: 'detached' });
    await two.page.context().close();
  });

  it('groups memories by agent and by tag', async () => {
    await engine.memories.store(
      [
        { content: 'Invoices are numbered by year.', tags: ['invoices'], session: 'monday' },
        { content: 'The bank answers within 2 s.', tags: ['bank', 'payments'], session: 'monday' },
      ],
      gemini,
    );
    await window.rowOf('Memories', 'The bank answers').waitFor();
    for (const [grouping, group] of [
      ['Agent', 'gemini-cli'],
      ['Tag', 'payments'],
      ['Recency', 'Today'],
    ] as const) {
      await window.command('Memory Central: Group Memories by…');
      await window.pick(new RegExp(`^${grouping}`));
      await window.rowOf('Memories', new RegExp(`^${group}`)).waitFor();
    }
  });

  it('lists sessions with what was stored in them', async () => {
    await engine.records.sessions.put({
      ...{ id: 'monday', context: 'The retries are done.', files: ['src/retry.ts'] },
      ...{ currentTask: 'Bank calls', lastTool: 'edit', node: 'tower' },
    });
    await window.toggleView('Sessions');
    await clickOn(window.rowOf('Sessions', /Bank calls.*tower · 2 memories/));
    await window.rowOf('Sessions', 'Invoices are numbered').waitFor();
    await shot('side bar sessions');
    const tab = window.page.locator('.tab', { hasText: 'Invoices are numbered' });
    await window.openRow('Sessions', 'Invoices are numbered', tab);
    await window.toggleView('Sessions');
  });

  it('reads nothing for views that are folded, and shows what happened once they are opened', async () => {
    await window.toggleView('Tasks');
    await window.rowOf('Tasks', /^Ready/).waitFor({ state: 'hidden' });
    await engine.tasks.submit({ title: 'Queued behind its back' }, gemini);
    await window.toggleView('Tasks');
    await window.rowOf('Tasks', 'Queued behind its back').waitFor();
  });

  it('tells of each component how it is, and what to do', async () => {
    await window.toggleView('Health');
    await window.rowOf('Health', /^store/).waitFor();
    await shot('side bar health');
    await window.viewAction('Health', 'Check Again');
    await window.rowOf('Health', /^store/).waitFor();
  });

  it('is whole in every theme, wide and narrow', async () => {
    await window.toggleView('Health');
    await window.toggleView('Sessions');
    await window.command('Notifications: Clear All Notifications');
    for (const theme of ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await window.theme(theme);
      await window.rowOf('Tasks', 'Count the orders').hover();
      await shot(`side bar ${theme}`);
    }
    for (const wide of [200, 600]) {
      await resizeSideBar(window.page, wide);
      await shot(`side bar ${wide} wide`);
      for (const name of ['Agents', 'Tasks', 'Memories', 'Sessions', 'Health']) {
        const title = window.pane(name).locator('.pane-header .title').first();
        const fits = await title.evaluate(element => element.scrollWidth <= element.clientWidth);
        assert.ok(fits, `the title of ${name} is cut at ${wide}`);
      }
    }
  });
});
