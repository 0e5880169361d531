import type { FrameLocator, Page } from 'playwright-core';

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
    await this.row(text).first().click();
    await this.detail(inside).waitFor();
  }

  button(name: string | RegExp) {
    return this.frame.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** Opens a part of the details. */
  async unfold(title: string | RegExp): Promise<void> {
    await this.frame.locator('summary', { hasText: title }).click();
  }

  toast(text: string | RegExp) {
    return this.frame.locator('.toast', { hasText: text });
  }
}
