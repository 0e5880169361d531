import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  COPILOT_INSTRUCTIONS,
  INSTRUCTIONS_PATH,
} from '../../../src/surfaces/editor/chat/copilotInstructions.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

describe('in windows of the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({ scriptedModel: true });
  let one: Workbench;

  before(() => {
    one = session.window;
  });

  it('welcomes a person whose memory is empty', async () => {
    await one.openView();
    await one.page.getByText('Nothing is remembered here yet').waitFor();
  });

  it('shows in the view what a person stores, and in the status bar that it is ready', async () => {
    await one.store('Payments are retried five times, since the bank drops one call in a hundred.');
    await one.store('We use pnpm in every package; npm workspaces broke the release build.');
    await one.treeItem('Payments are retried').waitFor();
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('finds while one types, with a preview', async () => {
    const input = await one.search();
    await one.quickPick('Payments are retried').waitFor();
    await input.pressSequentially('why are bank calls repeated', { delay: 20 });
    await one.quickPick(/Payments are retried.*context · .*hundred/).waitFor();
  });

  it('opens what was meant, however fast one types and presses Enter', async () => {
    await (await one.input('Search Memories')).fill('');
    await one.quickPick('We use pnpm').waitFor();
    await one.reply('Search Memories', 'why are bank calls repeated');
    await one.page.locator('.tab', { hasText: 'Payments are retried' }).waitFor();
  });

  it('saves an edited memory', async () => {
    await one.page.locator('.editor-group-container .monaco-editor .view-lines').first().click();
    await one.page.keyboard.press('Control+End');
    await one.page.keyboard.type(' Ask Ada before changing it.');
    await one.page.keyboard.press('Control+S');
    await one.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await (await one.search()).pressSequentially('Ada', { delay: 20 });
    await one.quickPick('Ask Ada').waitFor();
    await one.page.keyboard.press('Escape');
  });

  it('shows another window’s memories at once, and the reverse', async () => {
    const two = await session.open();
    await two.openView();
    await two.treeItem('Payments are retried').waitFor();
    await two.store('The second window prefers tabs.');
    await one.treeItem('The second window prefers tabs').waitFor();
    await one.store('The first window prefers spaces.');
    await two.treeItem('The first window prefers spaces').waitFor();
    const first = one;
    one = two;
    await first.page.context().close();
  });

  it('goes on in one window after the other was closed', async () => {
    await one.store('The release train leaves on Tuesdays.');
    await one.treeItem('The release train leaves').waitFor();
    await one.finds('when is the next shipping day', 'The release train leaves on Tuesdays');
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('deletes with undo', async () => {
    await one.rowAction('Memories', 'The second window prefers tabs', 'Delete Memory');
    await one.treeItem('The second window prefers tabs').waitFor({ state: 'detached' });
    await one.respond('Deleted', 'Undo');
    await one.treeItem('The second window prefers tabs').waitFor();
  });

  it('pins to the top, and shows it there only', async () => {
    await one.rowAction('Memories', 'We use pnpm', 'Pin Memory', one.treeItem('Pinned'));
    const rows = await one.pane('Memories').locator('.monaco-list-row').allTextContents();
    assert.match(rows[1] ?? '', /We use pnpm/);
    assert.equal(rows.filter(row => row.includes('We use pnpm')).length, 1, rows.join('\n'));
  });

  it('imports the documentation once', async () => {
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.treeItem('Decisions > Queue').waitFor();
    await one.closeNotification('docs: 3 added.');
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.closeNotification('docs: 0 added, 3 unchanged.');
  });

  it('answers @memory with what it recalls', async () => {
    await one.chat('@memory /recall how often are payments retried');
    await one.answer(/Payments are retried five times/).waitFor();
  });

  it('adds instructions for Copilot, and takes them away', async () => {
    const file = join(session.workspace, INSTRUCTIONS_PATH);
    await one.command('Memory Central: Add Instructions for Copilot…');
    await one.page.getByText('This project has a shared memory').waitFor();
    assert.ok(!existsSync(file), 'nothing is written before a person agrees');
    await one.input('as the editor shows it?');
    await one.pick('Write');
    await one.closeNotification('Copilot has its instructions');
    assert.equal(await readFile(file, 'utf8'), COPILOT_INSTRUCTIONS);
    await one.command('Memory Central: Add Instructions for Copilot…');
    await one.respond('Copilot has its instructions', 'Remove');
    await one.closeNotification('is removed');
    assert.ok(!existsSync(file));
  });

  it('counts what is being indexed', async () => {
    const facts = Array.from(
      { length: 600 },
      (_, i) => `## Rule ${i}\n\nOrders of kind ${i} go to desk ${i * 7}.\n`,
    );
    await writeFile(join(session.workspace, 'docs', 'rules.md'), `# Rules\n\n${facts.join('\n')}`);
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.statusText(/Memory: indexing \d+ of \d+/).waitFor();
    await one.closeNotification('docs: 600 added, 3 unchanged.');
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('says that recall goes by words only as soon as embeddings are switched off', async () => {
    await one.setMachineSettings(session.server.port, { 'memoryCentral.embedding.provider': 'off' });
    await one.statusText(/Memory: words only/).waitFor();
    await one.finds('desk', /Rule \d+/);
    await one.setMachineSettings(session.server.port, {});
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('shows its status on a click', async () => {
    await clickOn(one.statusBar());
    await one.quickPick('Recall by meaning and words').waitFor();
    await one.quickPick('github.com/example/orders').waitFor();
    await one.page.keyboard.press('Escape');
  });
});
