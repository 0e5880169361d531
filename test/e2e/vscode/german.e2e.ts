import assert from 'node:assert/strict';
import { BrowserPage } from './browserPage.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

describe('in a window that speaks German', function () {
  this.timeout(120_000);
  const session = editorSession({ language: 'de', pictures: 'German ' });
  let window: Workbench;

  before(() => {
    ({ window } = session);
  });
  afterEach(async function () {
    await session.shot(this.currentTest!.title);
  });

  it('names its views, and says what to do where they are empty', async () => {
    await window.openView();
    for (const name of ['Agenten', 'Aufgaben', 'Erinnerungen', 'Prüfung', 'Sitzungen', 'Zustand'])
      await window.pane(name).first().waitFor();
    await window.page.getByText('Hier ist noch nichts gemerkt.').waitFor();
    await window.page.getByText('Keine Aufgabe ist eingereiht.').waitFor();
  });

  it('asks and tells in a command', async () => {
    await window.command('Memory Central: Erinnerung speichern');
    await window.reply('Eine Tatsache', 'Zahlungen werden fünfmal wiederholt.');
    await window.closeNotification('Gemerkt in github.com/example/orders.');
    await window.pane('Erinnerungen').locator('.monaco-list-row', { hasText: 'Heute' }).waitFor();
    await window.pane('Erinnerungen').locator('.monaco-list-row', { hasText: 'Zahlungen' }).waitFor();
  });

  it('lists what is chosen from before a command runs, such as secrets', async () => {
    await window.command('Memory Central: Kennwort von Redis festlegen');
    await window.quickPick('Kennwort der Sentinels').waitFor();
    await window.page.keyboard.press('Escape');
  });

  it('shows its pages', async () => {
    await window.command('Memory Central: Erinnerungsbrowser öffnen');
    const memories = new BrowserPage(window.page);
    await memories.status(/^1 Erinnerung$/).waitFor();
    await memories.frame.getByRole('tab', { name: 'Zeitachse' }).waitFor();
    assert.equal(await memories.frame.locator('html').getAttribute('lang'), 'de');
    assert.match((await memories.rows().first().textContent()) ?? '', /jetzt|vor \d+ min/);
  });

  it('shows how the memory is', async () => {
    await window.command('Memory Central: Dashboard öffnen');
    const page = window.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await page.getByText('Latenz der Suche').first().waitFor();
    await page.getByText('in diesem Fenster wurde noch nichts gefragt').first().waitFor();
  });

  it('describes its settings', async () => {
    await window.command('Preferences: Open Settings (UI)');
    await window.page.locator('.settings-editor .settings-header .monaco-editor.focused').waitFor();
    await window.page.keyboard.type('memoryCentral.log.level');
    await window.page.locator('.settings-editor').getByText('Wie viel protokolliert wird.').waitFor();
  });
});
