import type { Locator, Page } from 'playwright-core';
import { again } from './again.ts';
import { clickOn } from './clickOn.ts';
import { readQuickInput } from './readWindow.ts';

/** Until a command asks for something, on a machine that has much to do. Milliseconds. */
export const ASKS_MS = 10_000;
const PALETTE = 'Type the name of a command';
/** Rows that are passed at most on the way to one. */
const FAR = 100;

/** What a person types and chooses where a window of the editor asks for something. */
export class QuickInput {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the command palette. @returns its text box, which begins with `>` */
  palette(): Promise<Locator> {
    return this.#opened('F1', PALETTE);
  }

  /** @param title the whole line of the command palette */
  async command(title: string): Promise<void> {
    const whole = new RegExp(`^${title.replace(/[^\w ]/g, '\\$&')}$`);
    const label = this.page.locator('.label-name', { hasText: whole });
    await again(async () => {
      const palette = await this.palette();
      await palette.fill(`>${title}`, { timeout: ASKS_MS });
      await this.#take(palette, this.#anyInput().locator('.monaco-list-row', { has: label }));
      await this.page.getByPlaceholder(PALETTE).waitFor({ state: 'hidden', timeout: ASKS_MS });
    });
  }

  /** Takes another theme. @param name such as `Dark High Contrast` */
  async theme(name: string): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.choose('Select Color Theme', name);
    await this.#anyInput().waitFor({ state: 'hidden' });
  }

  /** Opens a file of the workspace. @param path relative, `/` between folders */
  async openFile(path: string): Promise<void> {
    await again(async () => {
      const input = await this.#opened('Control+P', 'Search files by name');
      await input.fill(path, { timeout: ASKS_MS });
      await this.#take(input, this.quickPick(path.split('/').at(-1)!));
    });
  }

  /** Presses a key until it opens a quick input: whatever comes up meanwhile takes the focus away. @returns its text box */
  #opened(key: string, asks: string): Promise<Locator> {
    return again(async () => {
      await this.page.keyboard.press(key);
      return this.input(asks, ASKS_MS);
    });
  }

  /** With the keyboard: a list that is being filtered puts another row under the pointer. @param input of the quick input */
  async #take(input: Locator, row: Locator): Promise<void> {
    await row.first().waitFor({ timeout: ASKS_MS });
    const focused = row.and(this.page.locator('.focused'));
    for (let passed = 0; (await focused.count()) === 0; passed++) {
      if (passed === FAR) throw new Error(`The keyboard does not reach ${row}.`);
      await input.press('ArrowDown', { timeout: ASKS_MS });
    }
    await input.press('Enter', { timeout: ASKS_MS });
  }

  /**
   * The text box of the quick input that asks for this, once it is open: what is typed sooner goes into another, or into the editor.
   * @param asks in its title, its placeholder or the line beneath
   * @param ms at most so long
   */
  async input(asks: string | RegExp, ms = 30_000): Promise<Locator> {
    const box = this.asking(asks).locator('.quick-input-box input');
    try {
      await box.waitFor({ timeout: ms });
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

  /** The quick input that asks for this. */
  asking(asks: string | RegExp) {
    const said = '.quick-input-title, .quick-input-message, .quick-input-description';
    const has = this.page.locator(said, { hasText: asks }).or(this.page.getByPlaceholder(asks));
    return this.#anyInput().filter({ has });
  }

  quickPick(text: string | RegExp) {
    return this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text });
  }

  /** Types part of what the quick input that asks for this offers, and takes it. */
  async choose(asks: string | RegExp, text: string): Promise<void> {
    const input = await this.input(asks);
    await input.fill(text);
    await this.#take(input, this.quickPick(text));
  }

  /** Clicks what a quick input offers. */
  pick(text: string | RegExp): Promise<void> {
    return clickOn(this.quickPick(text));
  }
}
