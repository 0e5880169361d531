import assert from 'node:assert/strict';
import type { Engine } from '../../../src/engine/engine.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const REVIEW = 'Review';
/** Agents at work on the same store, in a process of their own. */
const gemini: Caller = callerNamed('gemini-cli', NAMESPACE);
const claude: Caller = { ...callerNamed('claude-code', NAMESPACE), agent: 'reviewer' };
const person: Caller = { ...callerNamed('cli', NAMESPACE), person: true };

describe('memory review in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    engine: true,
    settings: { 'memoryCentral.embedding.provider': 'off', 'workbench.hover.delay': 500 },
  });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;

  const badge = () =>
    window.page
      .locator('.activitybar .action-item', { has: window.page.locator('a[aria-label^="Memory Central"]') })
      .locator('.badge-content');
  /** What the title of the view says beside its name. */
  const unreviewed = (count: number) =>
    window.pane(REVIEW).locator('.pane-header .description', { hasText: `${count} unreviewed` });
  const store = async (content: string, caller: Caller) =>
    (await engine.memories.store([{ content }], caller))[0]!.memory.id;
  const memoryOf = (id: string) => engine.memories.get(id, person);
  const isForgotten = async (id: string) =>
    memoryOf(id).then(
      () => false,
      error => MemoryError.is(error, 'not_found'),
    );
  const row = (text: string | RegExp) => window.rowOf(REVIEW, text);
  const gone = (text: string) => row(text).waitFor({ state: 'detached' });

  before(async () => {
    ({ engine, window } = session);
    await window.openView();
    for (const view of ['Agents', 'Tasks', 'Memories']) await window.toggleView(view);
    await window.toggleView(REVIEW);
  });

  it('says what it is for while nothing waits', async () => {
    await window.pane(REVIEW).getByText('Nothing waits for review.').waitFor();
    await window.pane(REVIEW).getByText('Choose What Happens Until Then').waitFor();
    await shot('review empty');
  });

  it('shows what agents store as change sets of their sessions, at once, and counts it in its title', async () => {
    await store('Orders are shipped from Lyon, never from Paris', gemini);
    await store('Refunds are paid within three days', gemini);
    const own = await store('The shop closes at six', person);
    await engine.memories.update(own, { content: 'The shop closes at eight', tags: ['hours'] }, claude);
    await row(/gemini-cli.*2 memories/).waitFor();
    await row(/claude-code.*1 memory/).waitFor();
    await row(/Orders are shipped.*new/).waitFor();
    await row(/The shop closes at eight.*changed: text, tags/).waitFor();
    await unreviewed(3).waitFor();
    // Nothing waits for a person where there is no gate.
    assert.ok(!(await badge().isVisible()));
    await shot('review');
  });

  it('opens what changed beside what was accepted, and a new memory alone, both read-only', async () => {
    const diff = window.page.locator('.monaco-diff-editor');
    await window.openRow(REVIEW, 'The shop closes at eight', diff);
    await diff.locator('.editor.original .view-lines', { hasText: 'The shop closes at six' }).waitFor();
    await diff.locator('.editor.modified .view-lines', { hasText: 'The shop closes at eight' }).waitFor();
    await diff.locator('.editor.modified .view-lines', { hasText: 'tags: hours' }).waitFor();
    await shot('review diff');
    const text = window.page.locator('.monaco-editor[data-uri^="memory-review:"] .view-lines');
    await window.openRow(REVIEW, 'Orders are shipped', text.filter({ hasText: 'shipped from Lyon' }));
    await text.filter({ hasText: 'priority: medium' }).first().click();
    await window.page.keyboard.type('x');
    assert.equal(await window.page.locator('.tab.dirty').count(), 0);
    await window.command('View: Close All Editors');
  });

  it('accepts a memory, and takes that back', async () => {
    const [id] = (await engine.memories.list({ agent: 'gemini-cli' }, PAGE, person)).memories.map(
      one => one.id,
    );
    const title = (await memoryOf(id!)).content;
    await window.rowAction(REVIEW, title, 'Accept');
    await gone(title);
    assert.equal((await memoryOf(id!)).review, 'accepted');
    await unreviewed(2).waitFor();
    await window.respond(`Accepted “${title}”.`, 'Undo');
    await row(title).waitFor();
    assert.equal((await memoryOf(id!)).review, 'unreviewed');
  });

  it('rejects a change, which brings back what was accepted', async () => {
    const { memories } = await engine.reviews.list({}, PAGE, person);
    const { id } = memories.find(({ memory }) => memory.content.endsWith('eight'))!.memory;
    await window.rowAction(REVIEW, 'The shop closes at eight', 'Reject');
    await gone('The shop closes at eight');
    const { content, review, tags } = await memoryOf(id);
    assert.deepEqual([content, review, tags], ['The shop closes at six', 'accepted', []]);
    await window.closeNotification('Rejected “The shop closes at eight”.');
  });

  it('accepts what a person edits', async () => {
    const text = window.page.locator('.monaco-editor[data-uri^="memory:"] .view-lines');
    await window.rowAction(REVIEW, 'Refunds are paid', 'Edit', text);
    await text.getByText('Refunds are paid').click();
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.type('Refunds are paid within five days');
    await window.page.keyboard.press('Control+S');
    await gone('Refunds are paid');
    await until(async () => {
      const { memories } = await engine.memories.list({ agent: 'gemini-cli' }, PAGE, person);
      return memories.some(one => one.review === 'accepted' && one.content.endsWith('five days'));
    });
    await window.command('View: Close All Editors');
  });

  it('rejects all of a session from its menu, and takes that back', async () => {
    const id = await store('[Click](command:workbench.action.quit) <b>bold</b> \u202Eevil', claude);
    const other = await store('Claude was here', claude);
    const both = /reviewer \(claude-code\).*2 memories/;
    await row(both).waitFor();
    const look = () => shot('review menu');
    await window.rowMenu(REVIEW, both, 'Reject All from This Session', { look });
    await gone('Claude was here');
    assert.deepEqual([await isForgotten(id), await isForgotten(other)], [true, true]);
    await window.respond('Rejected 2 memories.', 'Undo');
    await row('Claude was here').waitFor();
    await row(both).waitFor();
    const tip = window.page.locator('.monaco-hover', { hasText: '[Click](command:' });
    await window.hover(row('Click'), tip);
    assert.equal(await window.page.locator('.monaco-hover a[data-href^="command:"]').count(), 0);
    await shot('review hover');
  });

  it('decides on all of it once that is agreed to', async () => {
    for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await window.theme(theme);
      await shot(`review ${theme}`);
    }
    await window.command('Memory Central: Accept All Memories That Wait for Review…');
    const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'Accept all 3 memories' });
    await clickOn(dialog.getByText('Accept All', { exact: true }));
    await window.pane(REVIEW).getByText('Nothing waits for review.').waitFor();
    await unreviewed(3).waitFor({ state: 'detached' });
    assert.equal((await engine.reviews.list({}, PAGE, person)).total, 0);
  });

  it('counts on the badge, too, what waits at a gate', async () => {
    await window.setMachineSettings(session.server.port, { 'memoryCentral.review.gate': 'mark' });
    await store('The gate is open on Sundays', gemini);
    await row('The gate is open').waitFor();
    await badge().getByText('1', { exact: true }).waitFor();
    await window.rowAction(REVIEW, 'The gate is open', 'Accept');
    await badge().waitFor({ state: 'hidden' });
  });
});

const PAGE = { limit: 100, offset: 0 };
