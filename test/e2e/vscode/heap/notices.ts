import type { Page } from 'playwright-core';
import { until } from '../../../fixtures/until.ts';

/** The messages of a window: in its tests the editor shows them behind the bell only. */
export class Notices {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits for these, in any order, and closes all. */
  async told(messages: readonly string[]): Promise<void> {
    await this.#wait(shown => messages.every(message => shown.includes(message)));
  }

  /** Waits until so many tasks were told to be completed, one by one or several in a message, and closes all. */
  async completed(tasks: number): Promise<void> {
    const count = (text: string) => {
      const together = /^Of your tasks: (\d+) completed\.$/.exec(text);
      return together ? Number(together[1]) : / completed “/.test(text) ? 1 : 0;
    };
    await this.#wait(shown => shown.reduce((sum, text) => sum + count(text), 0) === tasks);
  }

  async #wait(enough: (shown: readonly string[]) => boolean): Promise<void> {
    const center = this.#page.locator('.notifications-center.visible');
    if (!(await center.isVisible())) await this.#page.locator('[id="status.notifications"] a').click();
    const texts = center.locator('.notification-list-item-message');
    let shown: readonly string[] = [];
    try {
      await until(async () => {
        shown = (await texts.allTextContents()).map(text => text.trim());
        return enough(shown);
      });
    } catch (cause) {
      throw new Error(`It shows ${JSON.stringify(shown)}.`, { cause });
    }
    const items = center.locator('.notification-list-item');
    for (let left = shown.length; left > 0; left = await items.count()) {
      await items
        .first()
        .getByLabel(/^Clear Notification/)
        .dispatchEvent('click');
      await until(async () => (await items.count()) < left);
    }
  }
}
