import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../../src/main/assets.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';
import { startEditorServer } from './editorServer.ts';
import { openWindow, startBrowser } from './editorWindow.ts';
import { installedExtension } from './installedExtension.ts';
import { sampleWorkspace } from './sampleWorkspace.ts';
import { Workbench } from './workbench.ts';

const SHOTS = join(packageRoot, '.cache', 'screenshots');
const run = promisify(execFile);

describe('in a workspace that is not trusted', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
    await mkdir(SHOTS, { recursive: true });
  });
  after(() => browser?.close());

  it('shows what holds everywhere, stores nothing, and goes on as usual once it is trusted', async () => {
    await using folder = await temporaryFolder();
    const workspace = await sampleWorkspace(join(folder.path, 'orders'));
    await using server = await startEditorServer({
      folder: join(folder.path, 'editor'),
      extensions: [await installedExtension(folder.path)],
      workspaceTrust: true,
      testMode: false,
    });
    const env = { ...process.env, MEMORY_CENTRAL_HOME: server.memoryHome };
    const store = (namespace: string, text: string) =>
      run(process.execPath, [join(packageRoot, 'dist', 'cli.js'), 'store', text, '--namespace', namespace], {
        env,
      });
    await store('global', 'Commits are signed everywhere.');
    await store('github.com/example/orders', 'Payments are retried five times.');

    const window = new Workbench(await openWindow(browser, server, { workspace }));
    try {
      await window.ready();
      await window.openView();
      await window.treeItem('Commits are signed').waitFor();
      assert.equal(await window.treeItem('Payments are retried').count(), 0);
      await window.page.keyboard.press('F1');
      await window.quickInput().fill('>Memory Central: ');
      await window.quickPick('Memory Central: Search Memories').waitFor();
      assert.equal(await window.quickPick('Memory Central: Store a Memory').count(), 0);
      await window.page.keyboard.press('Escape');
      await window.treeItem('Commits are signed').hover();
      assert.equal(await window.treeItem('Commits are signed').getByLabel('Delete Memory').count(), 0);

      await window.command('Workspaces: Manage Workspace Trust');
      await window.page
        .locator('.workspace-trust-editor')
        .getByText('Trust', { exact: true })
        .first()
        .click();
      await window.treeItem('Payments are retried').waitFor();
      await window.store('The workspace is trusted now.');
      await window.treeItem('The workspace is trusted now').waitFor();
    } catch (error) {
      await window.page.screenshot({ path: join(SHOTS, 'failed untrusted.png') });
      throw error;
    }
  });
});
