import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { until } from '../../fixtures/until.ts';
import { again } from './again.ts';
import { BrowserPage } from './browserPage.ts';
import { editorSession } from './editorSession.ts';
import { HOSTILE_LINE, HOSTILE_MEMORIES } from './hostileMemories.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const gemini = callerNamed('gemini-cli', NAMESPACE);
const NAME = 'HOSTILEline';
/** No row, tip or hover needs more; what is drawn of a long text costs time. */
const MOST_SHOWN = 3_000;
/** What is shown stays as long as a look at it takes. */
const STAYS_MS = 5_000;
const MEGABYTE = 1_000_000;
/** What drives a terminal or turns the direction of reading. */
const DRIVES = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;
/** Runs in a page: whether all of it is as wide as the page. */
const IS_AS_WIDE = 'document.documentElement.scrollWidth <= document.documentElement.clientWidth';

describe('memories that mean harm, and one of a single endless line, in the real VS Code', function () {
  this.timeout(120_000);
  /** Everything that the page asked the network for. */
  const requested: string[] = [];
  const session = editorSession({
    pictures: 'hostile ',
    settings: {
      'editor.hover.delay': 100,
      'workbench.hover.delay': 100,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
    },
    async prepare({ server, workspace }) {
      await writeFile(join(workspace, 'long.txt'), 'x'.repeat(MEGABYTE));
      // Not there any more when the window is, which then gives them their vectors.
      await using engine = await openEngine(server.memoryHome, { 'embedding.provider': 'off' });
      const anchors = [{ path: 'src/retry.ts', startLine: 1, endLine: 1 }];
      await engine.memories.store(
        [...HOSTILE_MEMORIES.map(content => ({ content })), { content: HOSTILE_LINE, anchors }],
        gemini,
      );
    },
  });
  const { shot } = session;
  let window: Workbench;
  let memories: BrowserPage;

  /** It is there as a text of bounded length, in the window, and nothing in it acts. */
  const isInert = async (shown: Locator, what: string) => {
    const text = (await shown.textContent({ timeout: STAYS_MS })) ?? '';
    assert.ok(text.includes(NAME) && text.length < MOST_SHOWN, `${what}: ${text.length} characters`);
    assert.doesNotMatch(text, DRIVES, what);
    assert.equal(await shown.locator('img, iframe, script').count(), 0, what);
    const acting = '[href*="terminal.new"], [data-href*="terminal.new"], [href*="evil"], [data-href*="evil"]';
    assert.equal(await shown.locator(acting).count(), 0, what);
    const { width = 0, height = 0 } = window.page.viewportSize() ?? {};
    const box = (await shown.boundingBox({ timeout: STAYS_MS }))!;
    assert.ok(box.x >= -1 && box.y >= -1, `${what}: ${JSON.stringify(box)}`);
    assert.ok(
      box.x + box.width <= width + 1 && box.y + box.height <= height + 1,
      `${what} is within the window`,
    );
  };
  const nothingActed = async () => {
    assert.equal(await window.page.locator('.terminal-wrapper, .monaco-dialog-box').count(), 0);
    assert.equal(await window.page.evaluate("'hacked' in window"), false);
    assert.deepEqual(
      requested.filter(url => url.includes('evil.example')),
      [],
    );
  };
  const closeAll = () => window.command('View: Close All Editors');

  before(async () => {
    ({ window } = session);
    memories = new BrowserPage(window.page);
    window.page.on('request', request => requested.push(request.url()));
    await window.openView();
  });
  afterEach(nothingActed);

  it('are rows of the side bar, with a tip', async () => {
    const row = window.treeItem(NAME).first();
    await row.waitFor();
    await isInert(row, 'row');
    const tip = window.page.locator('.monaco-hover:visible', { hasText: NAME });
    // A row that is drawn anew takes its tip away.
    await again(async () => {
      await window.hover(row, tip);
      await isInert(tip, 'tip');
    });
    await shot('row');
  });

  it('wait for review, and are shown there', async () => {
    for (const view of ['Agents', 'Tasks', 'Memories']) await window.toggleView(view);
    await window.toggleView('Review');
    const row = window.rowOf('Review', NAME);
    await row.waitFor();
    await isInert(row, 'row');
    const text = window.page.locator('.monaco-editor[data-uri^="memory-review:"] .view-lines');
    await window.openRow('Review', NAME, text.filter({ hasText: NAME }));
    await shot('review');
    await closeAll();
  });

  it('are found by the search', async () => {
    const input = await window.search();
    await input.pressSequentially(NAME, { delay: 20 });
    const row = window.quickPick(NAME).first();
    await row.waitFor();
    await isInert(row, 'row');
    await shot('search');
    await input.press('Enter');
    const text = window.page.locator('.monaco-editor[data-uri^="memory:"] .view-lines');
    await text.filter({ hasText: NAME }).first().click();
    assert.equal(await text.locator('.detected-link, .detected-link-active').count(), 0);
    await window.page.keyboard.press('Control+End');
    const where = window.page.locator('.statusbar-item', { hasText: /^Ln 1, Col 100001$/ });
    await where.waitFor();
    await shot('document');
    await closeAll();
  });

  it('are quoted beside the code', async () => {
    await window.openFile('src/retry.ts');
    const line = window.page.locator('.editor-instance .view-line', { hasText: 'export const RETRIES' });
    const hover = window.page.locator('.monaco-hover:visible', { hasText: '1 memory here' });
    await until(async () => {
      const { x, y } = (await line.boundingBox())!;
      await window.page.mouse.move(x + 300, y + 300);
      await window.page.mouse.move(x + 60, y + 9, { steps: 4 });
      await hover.waitFor({ timeout: 3000 });
      return true;
    });
    await isInert(hover, 'hover');
    await shot('hover');
    await closeAll();
  });

  it('are listed and shown whole by the browser', async () => {
    await window.command('Memory Central: Open Memory Browser');
    await memories.choose(NAME);
    await isInert(memories.row(NAME).first(), 'row');
    const whole = (await memories.detail().locator('.markdown').textContent()) ?? '';
    assert.ok(whole.length >= 100_000, `${whole.length}`);
    assert.doesNotMatch(whole, DRIVES);
    assert.equal(await memories.frame.locator('.browser :is(a, img, script, iframe)').count(), 0);
    assert.equal(await memories.frame.locator('body').evaluate(IS_AS_WIDE), true, 'nothing is cut off');
    await memories.detail().evaluate(detail => detail.scrollTo(0, detail.scrollHeight));
    await shot('browser');
    await window.page.setViewportSize({ width: 700, height: 800 });
    // Nor where it is narrow, once it is.
    const wide = () => memories.frame.locator('body').evaluate(body => body.clientWidth);
    await until(async () => (await wide()) < 700);
    await until(async () => (await memories.frame.locator('body').evaluate(IS_AS_WIDE)) === true);
    await shot('browser narrow');
    await window.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('are named by the map', async () => {
    await memories.frame.getByRole('tab', { name: 'Map' }).click();
    await memories
      .status(new RegExp(`^${HOSTILE_MEMORIES.length + 1} memories$`))
      .waitFor({ timeout: 60_000 });
    const tip = memories.frame.locator('.map-tip');
    await memories.frame.locator('.map-canvas').focus();
    await until(async () => {
      for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
        await window.page.keyboard.press(key);
        await tip.waitFor({ timeout: STAYS_MS });
        if ((await tip.textContent())?.includes(NAME)) return true;
      }
      return false;
    });
    await isInert(tip, 'tip');
    await shot('map');
    await closeAll();
  });

  it('change nothing of the dashboard', async () => {
    await window.command('Memory Central: Open Dashboard');
    await memories.frame.getByText('Memories', { exact: true }).first().waitFor();
    assert.equal(await memories.frame.locator('body').evaluate(IS_AS_WIDE), true);
    await closeAll();
  });

  it('have an end: a line of a megabyte is refused where it is typed, and where it is selected', async () => {
    const refusal = /The text has 1,000,000 characters; a memory has at most 100,000\./;
    await window.command('Memory Central: Store a Memory');
    const input = await window.input('Store a Memory');
    await input.evaluate((field, text) => {
      (field as unknown as { value: string }).value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, 'x'.repeat(MEGABYTE));
    await window.page.locator('.quick-input-widget:visible', { hasText: refusal }).waitFor();
    await shot('refused');
    await window.page.keyboard.press('Escape');
    await window.openFile('long.txt');
    await window.page.locator('.editor-instance .view-lines').first().click();
    await window.page.keyboard.press('Control+A');
    await window.command('Memory Central: Remember Selection');
    await window.closeNotification(refusal);
  });
});
