import type { Locator } from 'playwright-core';
import { until } from '../../fixtures/until.ts';
import { again } from './again.ts';
import { clickOn } from './clickOn.ts';
import { chooseFromMenu } from './menus.ts';
import { ASKS_MS, QuickInput } from './quickInput.ts';

/** What the editor or we say where a row was drawn anew while it was clicked, so that nobody knew any more which it is. */
const ONCE_MORE = /Click once more|actual command NOT FOUND/i;

/** What a person does in a window of the editor. */
export class Workbench extends QuickInput {
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

  /** Loads the window anew. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.command('Developer: Reload Window')]);
    await this.ready();
  }

  /** Replaces the settings of this machine. @param port of the server */
  async setMachineSettings(port: number, settings: Readonly<Record<string, unknown>>): Promise<void> {
    const text = JSON.stringify(settings);
    await this.command(`Preferences: Open Remote Settings (JSON) (127.0.0.1:${port})`);
    const editor = this.page.locator('.monaco-editor[data-uri$="Machine/settings.json"]');
    const lines = editor.locator('.view-lines');
    await again(async () => {
      await lines.click();
      await editor.and(this.page.locator('.focused')).waitFor({ timeout: ASKS_MS });
      await this.page.keyboard.press('Control+A');
      await this.page.keyboard.insertText(text);
      // Brackets and quotes that the editor closed by itself.
      await this.page.keyboard.press('Control+Shift+End');
      await this.page.keyboard.press('Delete');
      const written = ((await lines.textContent()) ?? '').replaceAll('\u00a0', ' ');
      if (written !== text) throw new Error(`${text} was written as: ${written}`);
    });
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

  /** A message that is shown, see `told`. */
  notification(text: string | RegExp) {
    const places = '.notification-toast, .notifications-center.visible';
    return this.page.locator(places).locator('.notification-list-item', { hasText: text });
  }

  /**
   * Waits for a message. The editor shows it for 10 s, and not at all where more than three come within 0.8 s: then it is behind the bell, where a
   * person looks, too.
   */
  async told(text: string | RegExp): Promise<Locator> {
    const message = this.notification(text).first();
    if (await succeeds(message.waitFor({ timeout: ASKS_MS }))) return message;
    await this.#ring(true);
    await message.waitFor();
    return message;
  }

  /** Waits for a message and presses a button of it. */
  async respond(text: string | RegExp, button: string): Promise<void> {
    await again(async () => {
      const message = await this.told(text);
      // It moves while others come and go: a pointer would miss its button.
      await message.getByText(button, { exact: true }).dispatchEvent('click', {}, { timeout: ASKS_MS });
    });
    await this.#ring(false);
  }

  /** Waits for a message and closes it. */
  async closeNotification(text: string | RegExp): Promise<void> {
    await again(async () => {
      const message = await this.told(text);
      const close = message.getByLabel(/^Clear Notification/);
      await close.dispatchEvent('click', {}, { timeout: ASKS_MS });
      await message.waitFor({ state: 'detached', timeout: ASKS_MS });
    });
    await this.#ring(false);
  }

  /** Shows what is behind the bell, or hides it. */
  async #ring(open: boolean): Promise<void> {
    const center = this.page.locator('.notifications-center.visible');
    if ((await center.isVisible()) === open) return;
    await clickOn(this.page.locator('[id="status.notifications"] a'));
    await center.waitFor({ state: open ? 'visible' : 'hidden' });
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
   * Clicks the button that a row shows under the pointer.
   * @param done what shows that it is done: what the quick input asks for that opens then, see `input`, or something else that appears;
   *   default: the row has no such button any more
   */
  async rowAction(
    view: string,
    text: string | RegExp,
    action: string,
    done?: string | RegExp | Locator,
  ): Promise<void> {
    const row = this.rowOf(view, text).first();
    const button = row.getByLabel(action);
    await this.#untilDone(() => clickOn(button, row), this.#isDone(button, done));
  }

  /** Opens the menu of a row and chooses from it. @param done see `rowAction`; default: the row is gone */
  async rowMenu(
    view: string,
    text: string | RegExp,
    entry: string,
    { done, look }: { done?: () => Promise<boolean>; look?: () => Promise<unknown> } = {},
  ): Promise<void> {
    const row = this.rowOf(view, text).first();
    const open = async () => {
      await row.click({ button: 'right', timeout: ASKS_MS });
      const meant = row.and(this.page.locator('.focused'));
      if (await succeeds(meant.waitFor({ timeout: ASKS_MS }))) return;
      await this.page.keyboard.press('Escape');
      throw new Error(`The menu is of another row than ${text} in ${view}.`);
    };
    const choose = () => chooseFromMenu(this.page, { open, entry, look });
    await this.#untilDone(choose, done ?? this.#isDone(row, undefined));
  }

  /** Opens what a row stands for. @param shown what appears then */
  async openRow(view: string, text: string | RegExp, shown: Locator): Promise<void> {
    const row = this.rowOf(view, text).first();
    await this.#untilDone(() => clickOn(row, row), this.#isDone(row, shown));
  }

  #isDone(from: Locator, done: string | RegExp | Locator | undefined): () => Promise<boolean> {
    if (done === undefined) return async () => (await from.count()) === 0;
    const appears = typeof done === 'string' || done instanceof RegExp ? this.asking(done) : done;
    return () => appears.first().isVisible();
  }

  /** Does something to a row, and does it once more where the editor did not know the row at that moment, since it was drawn anew. */
  async #untilDone(deed: () => Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
    const onceMore = this.notification(ONCE_MORE).first();
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await onceMore.isVisible()) await this.closeNotification(ONCE_MORE);
      await deed();
      await until(async () => (await isDone()) || (await onceMore.isVisible()));
      if (await isDone()) return;
    }
    throw new Error('The editor never knows the row.');
  }

  /** Clicks a button in the title of a view. */
  async viewAction(view: string, action: string): Promise<void> {
    const header = this.pane(view).locator('.pane-header');
    await clickOn(header.getByLabel(action), header);
  }

  /** Opens the menu in the title of a view and chooses from it. @param look while it is open */
  async viewMenu(view: string, entry: string, look?: () => Promise<unknown>): Promise<void> {
    const header = this.pane(view).locator('.pane-header');
    const open = async () => {
      await header.hover({ timeout: ASKS_MS });
      // It opens at the press: the release meets the menu.
      await header.getByLabel('More Actions').click({ timeout: ASKS_MS });
    };
    await chooseFromMenu(this.page, { open, entry, look });
  }

  /** Opens a view that is folded, or folds it. */
  async toggleView(name: string): Promise<void> {
    const header = this.pane(name).locator('.pane-header').first();
    const before = await header.getAttribute('aria-expanded');
    await clickOn(header.locator('.title').first(), header);
    await until(async () => (await header.getAttribute('aria-expanded')) !== before);
  }

  /** Lets the pointer rest on something until this is shown: what is drawn anew under the pointer shows nothing until that moves again. */
  async hover(target: Locator, shown: Locator): Promise<void> {
    await again(async () => {
      await this.page.mouse.move(0, 0);
      await target.hover({ timeout: ASKS_MS });
      await shown.waitFor({ timeout: ASKS_MS });
    });
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
    await clickOn(chat.locator('.title [aria-label^="New Chat"]').first());
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
