import type { Page } from 'playwright-core';

/** What lies above a window and takes its clicks and keys, and what of it has the focus then. */
const ABOVE = [
  '.context-view .monaco-menu .action-menu-item',
  '.quick-input-widget:visible .quick-input-box input',
  '.monaco-dialog-box .monaco-button',
];
const CLOSES_MS = 2_000;
/** Questions after questions. */
const MOST = 5;

/** Closes menus, questions and dialogs that a test has left open, and lets go of what it holds down; what cannot be closed stays. */
export async function tidyWindow(page: Page): Promise<void> {
  const held = ['Shift', 'Control', 'Alt'].map(key => page.keyboard.up(key));
  await Promise.allSettled([...held, page.mouse.up()]);
  for (let i = 0; i < MOST; i++)
    for (const place of ABOVE) {
      const above = page.locator(place).first();
      if (await above.isVisible().catch(() => false))
        await above.press('Escape', { timeout: CLOSES_MS }).catch(() => {});
    }
}
