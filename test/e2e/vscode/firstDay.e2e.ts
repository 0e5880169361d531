import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { callerNamed } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { BrowserPage } from './browserPage.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const gemini = callerNamed('gemini-cli', NAMESPACE);

describe('the first day in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    ...{ engine: true, pictures: 'first day ' },
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden' },
  });
  const { shot } = session;
  let window: Workbench;

  const store = async (...contents: string[]) => {
    for (const content of contents) await session.engine.memories.store([{ content }], gemini);
  };

  before(async () => {
    ({ window } = session);
    await window.openView();
  });

  it('offers every next step of an empty memory in sight', async () => {
    const memories = window.pane('Memories');
    const last = memories.getByText('Connect a Client', { exact: true });
    await last.waitFor();
    const [pane, step] = [await memories.boundingBox(), await last.boundingBox()];
    await shot('empty');
    assert.ok(step!.y + step!.height <= pane!.y + pane!.height, JSON.stringify({ pane, step }));
  });

  it('connects Claude Code once a person agrees, and disconnects it by the same command', async () => {
    const configuration = () => readFile(join(session.server.home, '.claude.json'), 'utf8').catch(() => '');
    const choose = async () => {
      await window.command('Memory Central: Connect a Client');
      await window.pick('the tools only');
    };
    await choose();
    await window.input('Connect Claude Code this way?');
    await window.page.locator('.editor-group-container .view-line', { hasText: 'mcpServers' }).waitFor();
    await shot('connect');
    // Reading the change answers nothing.
    await window.page.locator('.editor-group-container .monaco-editor .view-lines').first().click();
    assert.doesNotMatch(await configuration(), /memory-central/);
    await window.pick('the same command undoes it');
    await window.closeNotification('Claude Code is connected.');
    assert.match(await configuration(), /memory-central/);
    await choose();
    await window.respond('connected already', 'Disconnect');
    await window.closeNotification('is not connected any more');
    assert.doesNotMatch(await configuration(), /memory-central/);
  });

  it('says that @memory needs a language model, where there is none', async () => {
    await window.command('Memory Central: Ask @memory');
    await window.respond('@memory needs a language model', 'Search Memories');
    await window.input('Search Memories');
    await window.page.keyboard.press('Escape');
    await window.command('View: Toggle Secondary Side Bar Visibility');
  });

  it('leads from the health to the doctor', async () => {
    await window.toggleView('Health');
    await window.rowOf('Health', 'store').first().waitFor();
    await window.viewMenu('Health', 'Doctor: Examine the Memory', async () => {
      await window.page.locator('.monaco-menu', { hasText: 'Open Dashboard' }).waitFor();
      await shot('health');
    });
    await window.page.locator('.tab', { hasText: 'Doctor' }).waitFor();
    await window.command('View: Close All Editors');
    await window.toggleView('Health');
  });

  it('goes on with the next memory where one is deleted', async () => {
    await store('The oven is cleaned on Mondays.', 'The van is washed on Tuesdays.');
    await store('The shop opens at seven.', 'The till is counted at noon.');
    await window.command('Memory Central: Open Memory Browser');
    const memories = new BrowserPage(window.page);
    await memories.row('The till').waitFor();
    await memories.choose('The shop opens');
    await window.page.keyboard.press('Delete');
    await memories.detail('The van is washed').waitFor();
    await memories.press('Delete');
    await memories.detail('The oven is cleaned').waitFor();
    await until(async () => (await memories.rows().count()) === 2);
    await window.page.keyboard.press('ArrowUp');
    await memories.detail('The till is counted').waitFor();
    await shot('deleted');
    await window.command('View: Close All Editors');
  });

  it('says where memories cannot be read that a setting is wrong, whatever else was changed with it', async () => {
    const { port } = session.server;
    await window.treeItem('The till').waitFor();
    await window.setMachineSettings(port, {
      'memoryCentral.code.lens': true,
      'memoryCentral.recall.deadlineMs': 5,
    });
    const told = /recall\.deadlineMs \(settings of the editor\)/;
    await window.pane('Memories').getByText(told).waitFor();
    await shot('wrong setting');
    assert.equal(await window.pane('Memories').getByText('Nothing is remembered').count(), 0);
    await window.respond(told, 'Open Settings');
    await window.page.locator('.tab', { hasText: 'Settings' }).waitFor();
    await window.setMachineSettings(port, {});
    await window.treeItem('The till').waitFor();
  });
});
