import type { Locator, Page } from 'playwright-core';

/** Where a person reads in a window, besides the editors. */
const PLACES: readonly (readonly [name: string, selector: string])[] = [
  ['dialog', '.monaco-dialog-box'],
  ['menu', '.context-view:visible .action-label'],
  ['notification', '.notification-list-item'],
  ['tab', '.part.editor .tab'],
  ['chat', '.interactive-request, .interactive-response'],
  ['chat input', '.interactive-input-part .view-lines'],
  ['status bar', '.statusbar-item:has-text("Memory")'],
];

/** What a window shows, a line each: for who cannot see it. */
export async function readWindow(page: Page): Promise<string> {
  const lines = [`quick input: ${(await readQuickInput(page)) ?? 'none'}`];
  for (const [name, selector] of PLACES)
    for (const text of await textsOf(page.locator(selector))) lines.push(`${name}: ${text}`);
  for (const pane of await page.locator('.part.sidebar .pane').all()) {
    const [title = ''] = await textsOf(pane.locator('.pane-header .title'));
    const rows = await textsOf(pane.locator('.monaco-list-row, .welcome-view-content'));
    lines.push(`view ${title}: ${rows.length === 0 ? 'no rows' : ''}`.trim());
    for (const row of rows) lines.push(`  ${row}`);
  }
  return lines.join('\n');
}

/** The quick input that is open, in one line: what it asks, what stands in it and what it offers. undefined: none is. */
export async function readQuickInput(page: Page): Promise<string | undefined> {
  const widget = page.locator('.quick-input-widget:visible');
  if ((await widget.count()) === 0) return undefined;
  const [title = ''] = await textsOf(widget.locator('.quick-input-title'));
  const [box] = await widget.locator('.quick-input-box input').all();
  const said = await textsOf(widget.locator('.quick-input-message, .quick-input-description'));
  const rows = await textsOf(widget.locator('.monaco-list-row'));
  return [
    `"${title}"`,
    `placeholder "${(await box?.getAttribute('placeholder')) ?? ''}"`,
    `typed "${(await box?.inputValue()) ?? ''}"`,
    ...said.map(text => `"${text}"`),
    ...rows.map(text => `[${text}]`),
  ].join(' ');
}

async function textsOf(found: Locator): Promise<readonly string[]> {
  return (await found.allTextContents()).map(text => text.replace(/\s+/g, ' ').trim()).filter(Boolean);
}
