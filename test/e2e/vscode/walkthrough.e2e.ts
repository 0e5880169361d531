import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';

const STEPS = [
  ['Store a memory', 'Store a Memory'],
  ['Recall it in other words', 'Search Memories'],
  ['Begin with what is written already', "Import This Workspace's Docs"],
  ['Ask @memory', 'Ask @memory'],
  ['Connect Claude Code', 'Connect a Client'],
] as const;

describe('the first run in a window of the real VS Code', function () {
  this.timeout(180_000);
  const session = editorSession({ scriptedModel: true });

  it('leads from nothing to a memory that is recalled and a connected Claude Code', async () => {
    const { server, shot, window } = session;
    const { page } = window;
    const step = (title: string) => page.locator('.getting-started-step', { hasText: title });
    const isDone = (title: string) =>
      step(title).locator('.codicon-getting-started-step-checked').first().waitFor();
    const button = (label: string) =>
      page.locator('.getting-started-step.expanded .monaco-button', { hasText: label });
    await window.command('Memory Central: Get Started');
    await step('Store a memory').waitFor();
    assert.equal(await page.locator('.getting-started-step:visible').count(), 5);
    await shot('walkthrough');

    for (const [title, label] of STEPS) {
      await clickOn(step(title));
      await button(label).waitFor();
    }
    // The page takes the focus whenever it ticks a step, so what the buttons run is run without it.
    const tab = page.locator('.tab', { hasText: 'Welcome' });
    await clickOn(tab.locator('.tab-actions .action-label').first(), tab);

    await window.store('Payments are retried five times.');
    const input = await window.search();
    await input.pressSequentially('how often is a payment tried again', { delay: 5 });
    // Until then the list shows the latest.
    await page.waitForTimeout(2000);
    await window.quickPick('Payments are retried').waitFor();
    await page.keyboard.press('Escape');
    await window.command("Memory Central: Import This Workspace's Docs");
    await window.closeNotification('3 added');
    await window.command('Memory Central: Ask @memory');
    await page.locator('.part.auxiliarybar .interactive-input-part', { hasText: '@memory' }).waitFor();
    await window.chat('@memory /status');
    await window.answer(/memories in/).waitFor();
    await window.command('Memory Central: Connect a Client');
    await window.pick('the tools only');
    await window.input('Connect Claude Code this way?');
    await window.pick('the same command undoes it');
    await window.told('Claude Code is connected');

    await window.command('Memory Central: Get Started');
    for (const [title] of STEPS) await isDone(title);
    const configuration = await readFile(join(server.home, '.claude.json'), 'utf8');
    assert.match(configuration, /memory-central/);
    await shot('walkthrough done');
  });
});
