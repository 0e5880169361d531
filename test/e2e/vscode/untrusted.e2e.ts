import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { BrowserPage } from './browserPage.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';

const run = promisify(execFile);

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: {
      readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
    };
  };
}

describe('in a workspace that is not trusted', function () {
  this.timeout(120_000);
  const session = editorSession({
    workspaceTrust: true,
    async prepare({ server }) {
      const env = { ...process.env, MEMORY_CENTRAL_HOME: server.memoryHome };
      const cli = join(packageRoot, 'dist', 'cli.js');
      const store = (namespace: string, text: string, agent = '') =>
        run(process.execPath, [cli, 'store', text, '--namespace', namespace], {
          env: { ...env, MEMORY_AGENT: agent },
        });
      await store('global', 'Commits are signed everywhere.');
      await store('global', 'Branches are short-lived.', 'gemini');
      await store('github.com/example/orders', 'Payments are retried five times.');
    },
  });

  it('lets everything be read in the browser, and nothing be changed there', async () => {
    const { window } = session;
    const memories = new BrowserPage(window.page);
    // Where it is narrow, what was chosen covers the list.
    await window.command('View: Toggle Primary Side Bar Visibility');
    await window.command('Memory Central: Open Memory Browser');
    await memories.status(/^2 memories$/).waitFor();
    await memories.choose('Branches are short-lived');
    await memories.button('Copy').waitFor();
    for (const name of ['Edit', 'Pin', 'Who may see it…', 'Delete'])
      assert.equal(await memories.button(name).count(), 0, name);
    await memories.unfold('History');
    await memories.detail().locator('.history').getByText('stored').waitFor();
    await memories.frame.locator('.virtual-list').focus();
    await window.page.keyboard.press('Delete');
    await memories.frame.getByRole('tab', { name: 'Map' }).click();
    await memories.status(/^2 memories/).waitFor();
    await memories.frame.getByRole('tab', { name: 'List' }).click();
    await memories.row('Branches are short-lived').waitFor();
    assert.equal(await memories.toast(/./).count(), 0);
    await window.command('View: Close All Editors');
    await window.command('View: Toggle Primary Side Bar Visibility');
  });

  it('shows what waits for review, and leaves it to a workspace that is trusted', async () => {
    const { window } = session;
    await window.openView();
    await window.toggleView('Review');
    const row = window.rowOf('Review', 'Branches are short-lived');
    await row.hover();
    for (const name of ['Accept', 'Reject', 'Edit'])
      assert.equal(await row.getByLabel(name).count(), 0, name);
    const text = window.page.locator('.monaco-editor[data-uri^="memory-review:"] .view-lines');
    const whole = text.filter({ hasText: 'Branches are short-lived' });
    await window.openRow('Review', 'Branches are short-lived', whole);
    await window.command('View: Close All Editors');
    await window.toggleView('Review');
  });

  it('offers no command that then fails', async () => {
    const { window } = session;
    const { contributes } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as Manifest;
    const texts = JSON.parse(await readFile(join(packageRoot, 'package.nls.json'), 'utf8'));
    const when = new Map(contributes.menus.commandPalette.map(one => [one.command, one.when]));
    const offered = contributes.commands.filter(
      ({ command }) => !/isWorkspaceTrusted|^false$/.test(when.get(command) ?? ''),
    );
    assert.ok(offered.length >= 12, `${offered.length}`);
    // Those of the file in front come first: others put something else there.
    offered.sort((a, b) => Number(when.has(b.command)) - Number(when.has(a.command)));
    await window.openFile('src/retry.ts');
    const failed = window.page.locator('.notification-list-item', {
      has: window.page.locator('.codicon-error'),
    });
    for (const { title } of offered) {
      const text: string = texts[title.replaceAll('%', '')];
      await window.command(`Memory Central: ${text}`);
      // What it opens or says takes a moment.
      await window.page.waitForTimeout(1000);
      assert.equal(await failed.count(), 0, text);
      await window.page.keyboard.press('Escape');
      if (await window.notification(/./).count())
        await window.command('Notifications: Clear All Notifications');
    }
    await window.command('View: Close All Editors');
  });

  it('shows what holds everywhere, stores nothing, and goes on as usual once it is trusted', async () => {
    const { window } = session;
    await window.command('View: Show Memory Central');
    await window.treeItem('Commits are signed').waitFor();
    assert.equal(await window.treeItem('Payments are retried').count(), 0);
    await window.pane('Agents').getByText('Nobody works here: this workspace is not trusted.').waitFor();
    await window.pane('Tasks').getByText('queueing one needs a trusted workspace').waitFor();
    const palette = await window.palette();
    // The list has no more rows than are seen.
    for (const [words, allowed, refused] of [
      ['S', 'Search Memories', 'Store a Memory'],
      ['Task', 'Open Tasks as a Document', 'Queue a Task'],
    ] as const) {
      await palette.fill(`>Memory Central: ${words}`);
      await window.quickPick(`Memory Central: ${allowed}`).waitFor();
      assert.equal(await window.quickPick(`Memory Central: ${refused}`).count(), 0);
    }
    await window.page.keyboard.press('Escape');
    await window.treeItem('Commits are signed').hover();
    assert.equal(await window.treeItem('Commits are signed').getByLabel('Delete Memory').count(), 0);

    await window.command('Workspaces: Manage Workspace Trust');
    const trust = window.page.locator('.workspace-trust-editor').getByText('Trust', { exact: true });
    await clickOn(trust.first());
    await window.treeItem('Payments are retried').waitFor();
    await window.store('The workspace is trusted now.');
    await window.treeItem('The workspace is trusted now').waitFor();
  });
});
