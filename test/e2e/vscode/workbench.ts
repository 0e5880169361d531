import type { Locator, Page } from 'playwright-core';
import { readQuickInput } from './readWindow.ts';

/** Until a command asks for something, on a machine that has much to do. Milliseconds. */
const ASKS_MS = 10_000;

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
    return this.page.locator('.statusbar-item', { hasText: /Memory|Gedächtnis/ });
  }

  /** @param text what the status bar says, without its icon */
  statusText(text: RegExp) {
    return this.statusBar().locator('.statusbar-item-label').filter({ hasText: text });
  }

  /** Opens the command palette. @returns its text box, which begins with `>` */
  async palette(): Promise<Locator> {
    await this.page.keyboard.press('F1');
    return this.input('Type the name of a command');
  }

  /** @param title the whole line of the command palette */
  async command(title: string): Promise<void> {
    await (await this.palette()).fill(`>${title}`);
    const whole = new RegExp(`^${title.replace(/[^\w ]/g, '\\$&')}$`);
    await this.page
      .locator('.quick-input-list .monaco-list-row .label-name', { hasText: whole })
      .first()
      .click();
  }

  /** Takes another theme. @param name such as `Dark High Contrast` */
  async theme(name: string): Promise<void> {
    await this.command('Preferences: Color Theme');
    await (await this.input('Select Color Theme')).fill(name);
    await this.quickPick(name).first().click();
    await this.#anyInput().waitFor({ state: 'hidden' });
  }

  /** Opens a file of the workspace. @param path relative, `/` between folders */
  async openFile(path: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    const input = await this.input('Search files by name');
    await input.fill(path);
    await this.quickPick(path.split('/').at(-1)!).first().waitFor();
    await input.press('Enter');
  }

  /**
   * The text box of the quick input that asks for this, once it is open: what is typed sooner goes into another, or into the editor.
   * @param asks in its title, its placeholder or the line beneath
   */
  async input(asks: string | RegExp): Promise<Locator> {
    const said = '.quick-input-title, .quick-input-message, .quick-input-description';
    const has = this.page.locator(said, { hasText: asks }).or(this.page.getByPlaceholder(asks));
    const box = this.#anyInput().filter({ has }).locator('.quick-input-box input');
    try {
      await box.waitFor();
    } catch (error) {
      const open = (await readQuickInput(this.page)) ?? 'none';
      throw new Error(`The quick input that asks for ${asks} is not open; what is: ${open}`, {
        cause: error,
      });
    }
    return box;
  }

  /** Types into the quick input that asks for this, and confirms. */
  async reply(asks: string | RegExp, text: string): Promise<void> {
    const input = await this.input(asks);
    await input.fill(text);
    await input.press('Enter');
  }

  #anyInput() {
    return this.page.locator('.quick-input-widget:visible');
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
    // A text that a command shows without a file counts as unsaved, too.
    const unsaved = this.page.locator('.tab.dirty', { hasText: 'settings.json' });
    await unsaved.waitFor({ state: 'detached' });
    await this.command('View: Close Editor');
  }

  /** Opens the search. @returns its text box */
  async search(): Promise<Locator> {
    await this.command('Memory Central: Search Memories');
    return this.input('Search Memories');
  }

  /** Searches until it is found: by meaning, a memory is found a moment after it was stored. */
  async finds(query: string, text: string | RegExp): Promise<void> {
    const input = await this.search();
    for (let attempt = 0; attempt < 30; attempt++) {
      await input.fill('');
      await input.pressSequentially(query, { delay: 5 });
      if (await succeeds(this.quickPick(text).first().waitFor({ timeout: 1000 }))) {
        await this.page.keyboard.press('Escape');
        return;
      }
    }
    throw new Error(`"${query}" does not find ${text}.`);
  }

  async store(text: string): Promise<void> {
    await this.command('Memory Central: Store a Memory');
    await this.reply('Store a Memory', text);
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

  /** Opens the side bar. */
  async openView(): Promise<void> {
    await this.page.locator('.activitybar a[aria-label^="Memory Central"]').click();
    await this.page.locator('.sidebar .composite.title', { hasText: /^Memory Central$/ }).waitFor();
  }

  /** A row of the Memories view. */
  treeItem(text: string | RegExp) {
    return this.rowOf('Memories', text);
  }

  /** One view of the side bar. @param name such as `Tasks` */
  pane(name: string) {
    return this.page.locator('.sidebar .pane', {
      has: this.page.locator(`.pane-header[aria-label^="${name}"]`),
    });
  }

  /** A row of a view. */
  rowOf(view: string, text: string | RegExp) {
    return this.pane(view).locator('.monaco-list-row', { hasText: text });
  }

  /**
   * Clicks the button that a row shows under the pointer. A person who sees the row move away at that moment, since others came and went,
   * clicks again.
   * @param opens what the quick input asks for that must open then, see `input`
   */
  async rowAction(
    view: string,
    text: string | RegExp,
    action: string,
    opens?: string | RegExp,
  ): Promise<void> {
    const row = this.rowOf(view, text).first();
    for (let attempt = 0; attempt < 10; attempt++) {
      const clicked = row.hover().then(() => row.getByLabel(action).click({ timeout: 1000 }));
      if (!(await succeeds(clicked))) continue;
      if (opens === undefined) return;
      if (!(await succeeds(this.#anyInput().waitFor({ timeout: ASKS_MS })))) continue;
      await this.input(opens);
      return;
    }
    throw new Error(`The button "${action}" of ${text} in ${view} does nothing.`);
  }

  /** Clicks a button in the title of a view. */
  async viewAction(view: string, action: string): Promise<void> {
    const header = this.pane(view).locator('.pane-header');
    await header.hover();
    await header.getByLabel(action).click();
  }

  /** Opens a view that is folded, or folds it. */
  async toggleView(name: string): Promise<void> {
    await this.pane(name).locator('.pane-header .title').first().click();
  }

  /** Asks in the chat beside the editor, once it has the scripted model. */
  async chat(query: string): Promise<void> {
    const chat = this.page.locator('.part.auxiliarybar');
    await chat.locator('.interactive-input-part', { hasText: 'Scripted' }).waitFor();
    const input = chat.locator('.interactive-input-part .monaco-editor').first();
    const asked = chat.locator('.interactive-request').last();
    // A conversation that has just begun may take away what was typed first: whoever sees that types it again.
    for (let attempt = 0; attempt < 5; attempt++) {
      await input.click();
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.type(query, { delay: 5 });
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Enter');
      if (await succeeds(asked.getByText(query.slice(-12)).first().waitFor({ timeout: ASKS_MS }))) return;
    }
    throw new Error(`The chat does not take the question: ${query}`);
  }

  /** Begins another conversation, where one has begun. */
  async newChat(): Promise<void> {
    const chat = this.page.locator('.part.auxiliarybar');
    if ((await chat.locator('.interactive-request').count()) === 0) return;
    await chat.locator('.title [aria-label^="New Chat"]').first().click();
    await chat.locator('.interactive-request').first().waitFor({ state: 'detached' });
  }

  answer(text: string | RegExp) {
    return this.page.locator('.interactive-response', { hasText: text });
  }
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}
