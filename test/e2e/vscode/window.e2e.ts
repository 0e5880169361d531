import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../../src/main/assets.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { buildSuite } from './buildSuite.ts';
import { type EditorServer, startEditorServer } from './editorServer.ts';
import { openWindow, startBrowser } from './editorWindow.ts';
import { installedExtension } from './installedExtension.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';
import { Workbench } from './workbench.ts';

const SHOTS = join(packageRoot, '.cache', 'screenshots');

describe('in windows of the real VS Code', function () {
  this.timeout(120_000);
  const owned: AsyncDisposable[] = [];
  let browser: Browser;
  let server: EditorServer;
  let workspace: string;
  let one: Workbench;

  const open = async () => {
    const bench = new Workbench(await openWindow(browser, server, { workspace }));
    await bench.ready();
    return bench;
  };

  before(async () => {
    await mkdir(SHOTS, { recursive: true });
    const { scriptedModel } = await buildSuite();
    const folder = await temporaryFolder();
    owned.push(folder);
    workspace = await sampleWorkspace(join(folder.path, 'orders'));
    server = await startEditorServer({
      folder: join(folder.path, 'editor'),
      extensions: [await installedExtension(folder.path), scriptedModel],
      testMode: false,
    });
    owned.push(server);
    browser = await startBrowser();
    one = await open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await one?.page.screenshot({ path: join(SHOTS, `failed ${this.currentTest.title}.png`) });
  });
  after(async () => {
    await browser?.close();
    for (const thing of owned.reverse()) await thing[Symbol.asyncDispose]();
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
    await one.search();
    await one.quickPick('Payments are retried').waitFor();
    await one.quickInput().pressSequentially('why are bank calls repeated', { delay: 20 });
    await one.quickPick(/Payments are retried.*context · .*hundred/).waitFor();
  });

  it('opens what was meant, however fast one types and presses Enter', async () => {
    await one.quickInput().fill('');
    await one.quickPick('We use pnpm').waitFor();
    await one.quickInput().fill('why are bank calls repeated');
    await one.page.keyboard.press('Enter');
    await one.page.locator('.tab', { hasText: 'Payments are retried' }).waitFor();
  });

  it('saves an edited memory', async () => {
    await one.page.locator('.editor-group-container .monaco-editor .view-lines').first().click();
    await one.page.keyboard.press('Control+End');
    await one.page.keyboard.type(' Ask Ada before changing it.');
    await one.page.keyboard.press('Control+S');
    await one.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await one.search();
    await one.quickInput().pressSequentially('Ada', { delay: 20 });
    await one.quickPick('Ask Ada').waitFor();
    await one.page.keyboard.press('Escape');
  });

  it('shows another window’s memories at once, and the reverse', async () => {
    const two = await open();
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
    await one.treeItem('The second window prefers tabs').hover();
    await one.treeItem('The second window prefers tabs').getByLabel('Delete Memory').click();
    await one.treeItem('The second window prefers tabs').waitFor({ state: 'detached' });
    await one.notification('Deleted').getByText('Undo').click();
    await one.treeItem('The second window prefers tabs').waitFor();
  });

  it('pins to the top, and shows it there only', async () => {
    await one.treeItem('We use pnpm').hover();
    await one.treeItem('We use pnpm').getByLabel('Pin Memory').click();
    await one.treeItem('Pinned').waitFor();
    const rows = await one.page.locator('.sidebar .monaco-list-row').allTextContents();
    assert.match(rows[1] ?? '', /We use pnpm/);
    assert.equal(rows.filter(row => row.includes('We use pnpm')).length, 1, rows.join('\n'));
  });

  it('imports the documentation once', async () => {
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.treeItem('Decisions > Queue').waitFor();
    await one.closeNotification('docs: 3 added.');
    // The editor keeps back a fourth message within 0.8 s.
    await one.page.waitForTimeout(1000);
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.closeNotification('docs: 0 added, 3 unchanged.');
  });

  it('answers @memory with what it recalls', async () => {
    await one.chat('@memory /recall how often are payments retried');
    await one.answer(/Payments are retried five times/).waitFor();
  });

  it('counts what is being indexed', async () => {
    const facts = Array.from(
      { length: 600 },
      (_, i) => `## Rule ${i}\n\nOrders of kind ${i} go to desk ${i * 7}.\n`,
    );
    await writeFile(join(workspace, 'docs', 'rules.md'), `# Rules\n\n${facts.join('\n')}`);
    await one.command("Memory Central: Import This Workspace's Docs");
    await one.statusText(/Memory: indexing \d+ of \d+/).waitFor();
    await one.closeNotification('docs: 600 added, 3 unchanged.');
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('says that recall goes by words only as soon as embeddings are switched off', async () => {
    await one.setMachineSettings(server.port, { 'memoryCentral.embedding.provider': 'off' });
    await one.statusText(/Memory: words only/).waitFor();
    await one.finds('desk', /Rule \d+/);
    await one.setMachineSettings(server.port, {});
    await one.statusText(/^\s*Memory$/).waitFor();
  });

  it('shows its status on a click', async () => {
    await one.statusBar().click();
    await one.quickPick('Recall by meaning and words').waitFor();
    await one.quickPick('github.com/example/orders').waitFor();
    await one.page.keyboard.press('Escape');
  });
});
