import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/main/assets.ts';
import { until } from '../../fixtures/until.ts';
import { BrowserPage } from './browserPage.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const SIZE = { width: 1280, height: 860 };
const TOPICS = ['payments to the bank', 'refunds of customers', 'builds of packages', 'mails about orders'];
const MANY = 160;
/** Runs in the page: notes whether the map moves its points, from now on. */
const WATCH = `(() => {
  globalThis.motion = [];
  new MutationObserver(changes => {
    for (const { target } of changes) globalThis.motion.push(target.getAttribute('aria-busy'));
  }).observe(document.body, { subtree: true, attributeFilter: ['aria-busy'] });
})()`;

describe('the part of the map that is in sight, in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    ...{ pictures: 'map place ', size: SIZE },
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden' },
    async prepare({ folder, server }) {
      for (const namespace of ['github.com/example/orders', 'global']) {
        const docs = join(folder, namespace.replaceAll('/', '-'));
        const notes = Array.from(
          { length: MANY },
          (_, i) => `## Note ${i} of ${namespace}\n\nAbout ${TOPICS[i % TOPICS.length]}, the ${i}th.\n`,
        );
        await mkdir(docs);
        await writeFile(join(docs, 'notes.md'), notes.join('\n'));
        const cli = join(packageRoot, 'dist', 'cli.js');
        const env = { ...process.env, MEMORY_CENTRAL_HOME: server.memoryHome, MEMORY_NAMESPACE: namespace };
        await promisify(execFile)(process.execPath, [cli, 'import', 'markdown', docs, '--wait'], { env });
      }
    },
  });
  const { shot } = session;
  let window: Workbench;
  let memories: BrowserPage;

  const canvas = () => memories.frame.locator('.map-canvas');
  const tab = () => memories.frame.getByRole('tab', { name: 'Map' });
  const settled = (count: number) => memories.status(new RegExp(`^${count} memories$`)).waitFor();
  const motion = () => memories.frame.locator('body').evaluate('globalThis.motion') as Promise<string[]>;
  const colour = () => memories.frame.getByLabel('Coloured by', { exact: true });
  /** What a screen reader said last. */
  const said = async () =>
    (await memories.frame.locator('.map-view > .visually-hidden[role=status]').textContent()) ?? '';
  /** Says which part is in sight, and leaves it as it is. */
  const zoomed = async () => {
    await canvas().focus();
    await window.page.keyboard.press('+');
    await window.page.keyboard.press('-');
    return said();
  };
  /** The memory in the middle. */
  const middle = async () => {
    const tip = memories.frame.locator('.map-tip');
    await canvas().focus();
    await window.page.keyboard.press('Escape');
    await tip.waitFor({ state: 'hidden' });
    await window.page.keyboard.press('ArrowRight');
    await tip.waitFor();
    const text = await tip.textContent();
    await window.page.keyboard.press('Escape');
    return text;
  };

  before(async () => {
    ({ window } = session);
    memories = new BrowserPage(window.page);
    await window.command('View: Toggle Primary Side Bar Visibility');
    await window.command('Memory Central: Open Memory Browser');
    await settled(2 * MANY);
  });

  it('is seen to move while neighbours find each other', async () => {
    await memories.frame.locator('body').evaluate(WATCH);
    await tab().click();
    await until(async () => (await motion()).includes('true'));
    await until(async () => (await motion()).at(-1) === 'false');
    await settled(2 * MANY);
  });

  it('is another one by keyboard, and a screen reader is told', async () => {
    await canvas().focus();
    const help = await canvas().evaluate(
      one => one.ownerDocument.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent,
    );
    assert.match(help ?? '', /with Shift they move the map, plus and minus zoom, 0 shows all/);
    const inSight = async () => Number(/, (\d+) memories in sight$/.exec(await said())?.[1]);
    await window.page.keyboard.press('0');
    assert.match(await said(), /^Zoom 100 %, 320 memories in sight$/);
    for (let i = 0; i < 4; i++) await window.page.keyboard.press('+');
    assert.match(await said(), /^Zoom 384 %/);
    assert.ok((await inSight()) < 320, await said());
    const before = await middle();
    for (let i = 0; i < 4; i++) await window.page.keyboard.press('Shift+ArrowRight');
    assert.match(await said(), /^Zoom 384 %/);
    assert.notEqual(await middle(), before);
    for (let i = 0; i < 4; i++) await window.page.keyboard.press('Shift+ArrowLeft');
    assert.equal(await middle(), before);
    await window.page.keyboard.press('-');
    assert.match(await said(), /^Zoom 274 %/);
  });

  it('is the same when the page is narrow', async () => {
    const [part, point] = [await zoomed(), await middle()];
    await window.page.setViewportSize({ width: 560, height: 860 });
    await until(async () => (await canvas().boundingBox())!.width < 560);
    const [zoom] = part.split(',');
    await until(async () => (await zoomed()).startsWith(`${zoom},`));
    await until(async () => (await middle()) === point);
    await shot('narrow');
    await window.page.setViewportSize(SIZE);
    await until(async () => (await canvas().boundingBox())!.width > 560);
    await until(async () => (await zoomed()) === part);
  });

  it('is there again after the window is loaded anew, with its colours and what was chosen', async () => {
    await colour().selectOption({ label: 'Coloured by agent' });
    const part = await zoomed();
    await middle();
    await window.page.keyboard.press('ArrowRight');
    await window.page.keyboard.press('Enter');
    const chosen = memories.frame.locator('.detail .markdown');
    await chosen.waitFor();
    const text = await chosen.textContent();
    await shot('before a reload');
    await window.reload();
    await settled(2 * MANY);
    assert.equal(await tab().getAttribute('aria-selected'), 'true');
    assert.equal(await colour().inputValue(), 'agents');
    assert.equal(await chosen.textContent(), text);
    const [zoom] = part.split(',');
    assert.ok((await zoomed()).startsWith(`${zoom},`), await said());
    await shot('after a reload');
  });

  it('has its points where they belong at once, for who wants less motion', async () => {
    await window.page.emulateMedia({ reducedMotion: 'reduce' });
    await memories.frame.locator('body').evaluate(WATCH);
    await memories.press('Namespace');
    await window.pick(/^global/);
    await settled(MANY);
    const seen = await motion();
    assert.ok(seen.length > 0 && !seen.includes('true'), seen.join());
  });
});
