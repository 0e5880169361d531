import type { FrameLocator, Page } from 'playwright-core';
import { clickOn } from './clickOn.ts';

/** What a person does in the memory browser. */
export class BrowserPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get frame(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  /** Waits until it shows how much there is. */
  async ready(): Promise<void> {
    await this.status(/memor|found|best/).waitFor();
  }

  /** Replaces what is looked for. */
  async search(query: string): Promise<void> {
    const field = this.frame.locator('vscode-textfield.search input');
    await field.fill('');
    await field.pressSequentially(query, { delay: 10 });
  }

  /** Takes filters and search away that a test has left, as far as that is possible. */
  async showAll(): Promise<void> {
    const remove = this.button(/^Remove the filter/);
    const filters = Array.from({ length: await remove.count() }, () => remove.first());
    for (const button of [...filters, this.button('Clear the search')])
      await button.click({ timeout: 2_000 }).catch(() => {});
  }

  query(): Promise<string> {
    return this.frame.locator('vscode-textfield.search input').inputValue();
  }

  status(text: RegExp) {
    return this.frame.locator('.status', { hasText: text });
  }

  rows() {
    return this.frame.locator('.virtual-row[data-id]');
  }

  row(text: string | RegExp) {
    return this.frame.locator('.virtual-row', { hasText: text });
  }

  detail(text?: string | RegExp) {
    return text === undefined
      ? this.frame.locator('.detail')
      : this.frame.locator('.detail .markdown', { hasText: text });
  }

  /** Opens a memory's details. @param text in its row @param inside in its content */
  async choose(text: string | RegExp, inside = text): Promise<void> {
    await clickOn(this.row(text).first());
    await this.detail(inside).waitFor();
  }

  button(name: string | RegExp) {
    return this.frame.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Clicks a button. */
  press(name: string | RegExp): Promise<void> {
    return clickOn(this.button(name));
  }

  /** Opens a part of the details. */
  unfold(title: string | RegExp): Promise<void> {
    return clickOn(this.frame.locator('summary', { hasText: title }));
  }

  toast(text: string | RegExp) {
    return this.frame.locator('.toast', { hasText: text });
  }
}
