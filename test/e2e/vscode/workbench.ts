import type { Page } from 'playwright-core';

/** What a person does in a window of the editor. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the extension shows in the status bar. */
  async ready(): Promise<void> {
    await this.statusBar().waitFor({ timeout: 60_000 });
  }

  statusBar() {
    return this.page.locator('.statusbar-item', { hasText: 'Memory' });
  }

  /** @param text what the status bar says, without its icon */
  statusText(text: RegExp) {
    return this.statusBar().locator('.statusbar-item-label').filter({ hasText: text });
  }

  /** @param title the whole line of the command palette */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.quickInput();
    await input.waitFor();
    await input.fill(`>${title}`);
    const whole = new RegExp(`^${title.replace(/[^\w ]/g, '\\$&')}$`);
    await this.page
      .locator('.quick-input-list .monaco-list-row .label-name', { hasText: whole })
      .first()
      .click();
  }

  /** The text box of the quick input that is open. */
  quickInput() {
    return this.page.locator('.quick-input-widget:visible input[type="text"]');
  }

  quickPick(text: string | RegExp) {
    return this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text });
  }

  /** Replaces the settings of this machine. @param port of the server */
  async setMachineSettings(port: number, settings: Readonly<Record<string, unknown>>): Promise<void> {
    await this.command(`Preferences: Open Remote Settings (JSON) (127.0.0.1:${port})`);
    const text = this.page.locator('.monaco-editor[data-uri$="Machine/settings.json"] .view-lines');
    await text.click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(settings));
    // Brackets and quotes that the editor closed by itself.
    await this.page.keyboard.press('Control+Shift+End');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await this.command('View: Close Editor');
  }

  /** Opens the search. */
  async search(): Promise<void> {
    await this.command('Memory Central: Search Memories');
    // What is typed sooner goes into the palette, or into the editor behind it.
    await this.page.locator('.quick-input-title', { hasText: 'Search Memories' }).waitFor();
  }

  /** Searches until it is found: by meaning, a memory is found a moment after it was stored. */
  async finds(query: string, text: string | RegExp): Promise<void> {
    await this.search();
    for (let attempt = 0; attempt < 30; attempt++) {
      await this.quickInput().fill('');
      await this.quickInput().pressSequentially(query, { delay: 5 });
      const found = this.quickPick(text).first().waitFor({ timeout: 1000 });
      if (
        await found.then(
          () => true,
          () => false,
        )
      ) {
        await this.page.keyboard.press('Escape');
        return;
      }
    }
    throw new Error(`"${query}" does not find ${text}.`);
  }

  async store(text: string): Promise<void> {
    await this.command('Memory Central: Store a Memory');
    await this.page.locator('.quick-input-widget:visible', { hasText: 'One fact' }).waitFor();
    await this.quickInput().fill(text);
    await this.page.keyboard.press('Enter');
    await this.closeNotification(/Remembered|known already/);
  }

  notification(text: string | RegExp) {
    return this.page.locator('.notification-toast .notification-list-item', { hasText: text });
  }

  /** Waits for a message and closes it. */
  async closeNotification(text: string | RegExp): Promise<void> {
    const message = this.notification(text);
    // It moves while others come and go: a pointer would miss its button.
    await message.getByLabel(/^Clear Notification/).dispatchEvent('click');
    await message.waitFor({ state: 'detached' });
  }

  /** Opens the Memories view. */
  async openView(): Promise<void> {
    await this.page.locator('.activitybar a[aria-label^="Memory Central"]').click();
    await this.page.locator('.sidebar .composite.title', { hasText: /^Memory Central$/ }).waitFor();
  }

  treeItem(text: string | RegExp) {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  /** Asks in the chat beside the editor, once it has the scripted model. */
  async chat(query: string): Promise<void> {
    const chat = this.page.locator('.part.auxiliarybar');
    await chat.locator('.interactive-input-part', { hasText: 'Scripted' }).waitFor();
    await chat.locator('.interactive-input-part .monaco-editor').first().click();
    await this.page.keyboard.type(query, { delay: 5 });
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('Enter');
  }

  answer(text: string | RegExp) {
    return this.page.locator('.interactive-response', { hasText: text });
  }
}
