import type { Page } from 'playwright-core';
import { again } from './again.ts';

/** Until a menu is open, and until what the pointer is on has the focus. Milliseconds. */
const SHOWS_MS = 5_000;

export interface FromMenu {
  /** Opens the menu. */
  readonly open: () => Promise<unknown>;
  /** In its label. */
  readonly entry: string;
  /** While the menu is open. */
  readonly look?: (() => Promise<unknown>) | undefined;
}

/**
 * Opens a menu and chooses from it: with the pointer and Enter, since in the first 100 ms a menu takes no click, in case the button that
 * opened it is still held (`runOnceToEnableMouseUp` in VS Code's src/vs/base/browser/ui/menu/menu.ts).
 */
export async function chooseFromMenu(page: Page, { entry, look, open }: FromMenu): Promise<void> {
  const menu = page.locator('.context-view .monaco-menu');
  await again(async () => {
    if (!(await menu.isVisible())) await open();
    await menu.waitFor({ timeout: SHOWS_MS });
  });
  await look?.();
  await again(async () => {
    await menu.locator('.action-item', { hasText: entry }).first().hover({ timeout: SHOWS_MS });
    await menu.locator('.action-item.focused', { hasText: entry }).waitFor({ timeout: SHOWS_MS });
  });
  await page.keyboard.press('Enter');
  await menu.waitFor({ state: 'detached' });
}
