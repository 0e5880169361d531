import assert from 'node:assert/strict';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { CROWD_TASKS, crowd } from './crowd.ts';
import { editorSession } from './editorSession.ts';
import { resizeSideBar } from './resizeSideBar.ts';
import type { Workbench } from './workbench.ts';

const other: Caller = callerNamed('gemini-cli', 'github.com/example/orders');
/** Rows that are passed at most on the way to one. */
const FAR = 60;

describe('the side bar of the real VS Code with much to do', function () {
  this.timeout(120_000);
  const session = editorSession({ engine: true, size: { width: 1280, height: 2000 } });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;

  const press = (key: string) => window.page.keyboard.press(key);
  const taskNamed = async (title: string) => {
    const { tasks } = await engine.tasks.list({}, { limit: CROWD_TASKS, offset: 0 });
    return tasks.find(({ task }) => task.title === title)!.task;
  };
  /** Goes to the row of a task with the keyboard alone. */
  const goTo = async (title: string) => {
    await window.command('Memory Central: Focus on Tasks View');
    await window.pane('Tasks').locator('.monaco-list:focus-within').waitFor();
    const focused = window.pane('Tasks').locator('.monaco-list-row.focused');
    await press('Home');
    for (let i = 0; i < FAR; i++) {
      await focused.waitFor();
      if ((await focused.textContent())?.includes(title)) return;
      await press('ArrowDown');
    }
    throw new Error(`No way leads to "${title}".`);
  };
  /** Opens the menu of the row with the focus and chooses from it with the keyboard alone. */
  const choose = async (action: string) => {
    await press('Shift+F10');
    const menu = window.page.locator('.context-view .monaco-menu');
    await menu.waitFor();
    const focused = menu.locator('.action-item.focused');
    for (let i = 0; i < 12; i++) {
      await press('ArrowDown');
      if (!(await focused.textContent())?.includes(action)) continue;
      await press('Enter');
      await menu.waitFor({ state: 'detached' });
      return;
    }
    throw new Error(`The menu has no "${action}": ${await menu.textContent()}`);
  };

  before(async () => {
    ({ engine, window } = session);
    await crowd(engine, session.server.memoryHome);
    await window.openView();
    await window.toggleView('Memories');
    await window.rowOf('Tasks', /^Blocked/).waitFor();
  });

  it('says of each row what it is to who cannot see it', async () => {
    await window.rowOf('Agents', /Cursor on laptop.*silent, seen/).waitFor();
    await window.rowOf('Agents', /old-laptop.*gone, seen/).waitFor();
    await window.rowOf('Agents', /Claude Code on tower.*busy/).waitFor();
    await window.rowOf('Tasks', /Paint the map.*waits for “Draw the map”/).waitFor();
    const rows = window.page.locator('.sidebar .pane .monaco-list-row');
    const labels = await rows.evaluateAll(all => all.map(row => row.getAttribute('aria-label') ?? ''));
    assert.ok(labels.length > 25, `${labels.length} rows`);
    for (const label of labels) assert.match(label, /\S.*\S/);
    const has = (words: RegExp) =>
      assert.ok(
        labels.some(label => words.test(label)),
        `${words}: ${labels.join('\n')}`,
      );
    has(/^Measure the load, Pausing before a Retry, is tried again/);
    has(/^Claude Code on tower, claude, busy/);
    has(/^Draw the map, Ready, no agent with capability pencil/);
    has(/^Ready 9$/);
  });

  it('gives a task to an agent by keyboard alone', async () => {
    await goTo('Call the bank in Nice');
    await choose('Assign a Task to an Agent');
    await window.choose('Assign “Call the bank in Nice”', 'Gemini CLI on tower');
    const { id } = await taskNamed('Call the bank in Nice');
    await until(async () => {
      const history = await engine.tasks.history({ id }, other);
      return history.some(({ event, note }) => event === 'assign' && note === 'gemini');
    });
    await shot('side bar by keyboard');
  });

  it('does with all that are selected what is for them', async () => {
    await goTo('Call the bank in Nice');
    // These select the two beneath it; one alone is shown, and the focus stays.
    await press('Shift+ArrowDown');
    await window.page.locator('.monaco-editor[data-uri^="memory-central:"] .view-lines').waitFor();
    await press('Shift+ArrowDown');
    await choose('Cancel Task');
    await window.reply('Cancel 2 Tasks', 'The bank has moved');
    await until(async () => (await taskNamed('Call the bank in Paris')).state === 'cancelled');
    await until(async () => (await taskNamed('Call the bank in Lyon')).state === 'cancelled');
    assert.equal((await taskNamed('Call the bank in Nice')).state, 'ready');
  });

  it('asks in the palette which task is meant', async () => {
    await window.command('Memory Central: Retry Task Now');
    await window.choose('Retry a Task', 'Measure the load');
    await until(async () => (await taskNamed('Measure the load')).state === 'ready');
    await window.command('Memory Central: Answer a Question…');
    await window.choose('Answer a Question', 'Which of the two?');
    await window.reply('Answer: Which of the two?', 'The first');
    await until(async () => (await taskNamed('Which of the two?')).answer === 'The first');
    await window.command('Memory Central: Open Task');
    await window.choose('Open a Task', 'Frame the map');
    await window.page.locator('.tab', { hasText: 'Frame the map' }).waitFor();
    await window.command('View: Close All Editors');
  });

  it('is read in every theme, narrow and wide', async () => {
    await window.command('Notifications: Clear All Notifications');
    await window.rowOf('Tasks', 'Burn the CD').hover();
    for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern']) {
      await window.theme(theme);
      await shot(`crowded side bar ${theme}`);
    }
    for (const wide of [200, 600]) {
      await resizeSideBar(window.page, wide);
      await shot(`crowded side bar ${wide} wide`);
    }
    await window.viewAction('Tasks', 'Group Tasks by Agent');
    await window.rowOf('Tasks', /^Nobody Yet/).waitFor();
    await shot('crowded side bar by agent');
  });
});
