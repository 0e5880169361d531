import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '../../../src/engine/engine.ts';
import { packageRoot } from '../../../src/main/assets.ts';
import { callerNamed, sessionOf } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { BrowserPage } from './browserPage.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import { writeExampleMemories } from './exampleMemories.ts';
import { HOSTILE_MEMORIES } from './hostileMemories.ts';
import { seriousFaults } from './seriousFaults.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const MANY = 3_000;
const SIZE = { width: 1280, height: 800 };
/** Runs in the page: scrolls down as with a wheel, and counts the frames that showed rows. */
const SCROLL_THROUGH = `(async () => {
  const list = document.querySelector('.virtual-list');
  let drawn = 0;
  for (let i = 0; i < 60; i++) {
    list.scrollTop += 300;
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    if (list.querySelector('.virtual-row')) drawn++;
  }
  return drawn;
})()`;
const gemini = sessionOf(callerNamed('gemini-cli', NAMESPACE));

describe('the memory browser in the real VS Code', function () {
  this.timeout(120_000);
  /** Everything that its page asked the network for. */
  const requested: string[] = [];
  const session = editorSession({
    ...{ engine: true, pictures: 'browser ', size: SIZE },
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden' },
    async prepare({ folder, server }) {
      const examples = join(folder, 'examples.jsonl');
      await writeExampleMemories(examples, NAMESPACE);
      const cli = join(packageRoot, 'dist', 'cli.js');
      await promisify(execFile)(process.execPath, [cli, 'import', 'jsonl', examples, '--wait'], {
        env: { ...process.env, MEMORY_CENTRAL_HOME: server.memoryHome },
      });
    },
  });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;
  let memories: BrowserPage;

  before(() => {
    ({ engine, window } = session);
    memories = new BrowserPage(window.page);
    window.page.on('request', request => requested.push(request.url()));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await memories.showAll();
  });

  it('shows the newest first, and lets one type at once', async () => {
    await window.command('Memory Central: Open Memory Browser');
    await memories.status(/^10 memories$/).waitFor();
    const first = await memories.rows().allTextContents();
    assert.match(first[0] ?? '', /The bank answers 503/);
    await window.page.keyboard.type('how often is a payment tried again', { delay: 10 });
    await until(async () => /Payments are retried/.test((await memories.rows().first().textContent()) ?? ''));
    await memories.status(/^10 found$/).waitFor();
  });

  it('says what the score is made of', async () => {
    await window.page.keyboard.press('ArrowDown');
    await memories.detail('full jitter').waitFor();
    const parts = await memories.frame.locator('.parts li').allTextContents();
    assert.ok(parts.length >= 3, parts.join());
    const sum = parts.reduce((total, part) => total + Number(/[\d.]+$/.exec(part)?.[0]), 0);
    const shown = Number(/(\d+) %/.exec((await memories.rows().first().textContent()) ?? '')?.[1]);
    assert.ok(Math.abs(sum * 100 - shown) < 1, `${sum} is not ${shown} %`);
  });

  it('answers the last question, however fast one types', async () => {
    await memories.search('redis');
    for (let i = 0; i < 5; i++) await memories.search(i % 2 === 0 ? 'refunds role' : 'pnpm workspaces');
    await memories.search('webhook race');
    await until(async () => /Flaky test/.test((await memories.rows().first().textContent()) ?? ''));
    await window.page.waitForTimeout(300);
    assert.match((await memories.rows().first().textContent()) ?? '', /Flaky test/);
    await memories.press('Clear the search');
    await memories.status(/^10 memories$/).waitFor();
  });

  it('filters by chips, each of which goes with a click', async () => {
    await memories.press('Type');
    await window.pick(/^document/);
    await window.page.keyboard.press('Enter');
    await memories.status(/^2 memories$/).waitFor();
    await memories.press('Tag');
    await window.pick(/^incident/);
    await window.page.keyboard.press('Enter');
    await memories.status(/^1 memory$/).waitFor();
    await memories.press(/Remove the filter .Type: document/);
    await memories.press(/Remove the filter .Tag: incident/);
    await memories.status(/^10 memories$/).waitFor();
    await memories.press('State');
    await window.pick('Pinned');
    await memories.status(/^2 memories$/).waitFor();
    await memories.search('release build');
    await until(async () => /Use pnpm/.test((await memories.rows().first().textContent()) ?? ''));
    await memories.status(/^2 found$/).waitFor();
    await memories.press(/Remove the filter .Pinned/);
    await memories.press('Clear the search');
  });

  it('shows a memory whole, and what has its label', async () => {
    await memories.choose('Never charge a card twice');
    await memories.detail().locator('li', { hasText: 'The bank forgets a key' }).waitFor();
    await memories.detail().locator('.facts').getByText('ada@laptop/claude').waitFor();
    await clickOn(memories.detail().locator('.facts').getByRole('button', { name: 'payments' }));
    await memories.status(/^3 memories$/).waitFor();
    await memories.press(/Remove the filter .Tag: payments/);
  });

  it('edits, and shows who changed what', async () => {
    await memories.choose('Amounts are integers');
    await memories.press('Edit');
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type('\nTaxes are rounded once, at the end.');
    await window.page.keyboard.press('Control+Enter');
    await memories.detail('rounded once').waitFor();
    await memories.unfold('History');
    await memories.unfold('Show what changed');
    const added = memories.detail().locator('.diff-added');
    await added.filter({ hasText: 'Taxes are rounded once' }).waitFor();
    await memories
      .detail()
      .locator('.history')
      .getByText(/content.*vscode/)
      .waitFor();
    await shot('history');
    await clickOn(memories.detail().locator('.history').getByRole('button', { name: 'Undo' }));
    await memories.detail('rounded once').waitFor({ state: 'detached' });
    await memories.detail('Amounts are integers').waitFor();
  });

  it('never writes over what somebody else changed meanwhile', async () => {
    await memories.choose('Refunds need the role');
    await memories.press('Edit');
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type(' Mine.');
    const { memories: found } = await engine.memories.list(
      { agent: 'gemini' },
      { limit: 1, offset: 0 },
      gemini,
    );
    await engine.memories.update(found[0]!.id, { content: `${found[0]!.content} Theirs.` }, gemini);
    await window.page.keyboard.press('Control+Enter');
    await memories.toast(/version/).waitFor();
    assert.match(await memories.frame.locator('textarea').inputValue(), / Mine\.$/);
    await memories.press('Cancel');
    await memories.detail('Theirs.').waitFor();
  });

  it('pins and unpins', async () => {
    await memories.choose('Ada wants migrations');
    await memories.press('Pin');
    await memories.row('Ada wants migrations').locator('.mark-pinned').waitFor();
    await memories.press('Unpin');
    await memories.row('Ada wants migrations').locator('.mark-pinned').waitFor({ state: 'detached' });
  });

  it('chooses who may see a memory', async () => {
    const choose = async (audience: string) => {
      await memories.press('Who may see it…');
      await window.pick(audience);
    };
    const seenBy = (text: string) => memories.detail().locator('.facts').getByText(text).waitFor();
    // One's own: nobody takes another's memory from sight.
    await window.store('The door code is four digits long');
    await memories.choose('The door code');
    const id = await memories.row('The door code').getAttribute('data-id');
    await seenBy('everybody in its namespace');
    await choose('Some agents…');
    await clickOn(window.quickPick(/codex/i).first());
    await window.page.keyboard.press('Enter');
    await seenBy('its owner and codex');
    await assert.rejects(engine.memories.get(id!, gemini), { code: 'not_found' });
    await choose('Only its owner');
    await seenBy('its owner alone');
    await choose('Everybody in github.com/example/orders');
    await seenBy('everybody in its namespace');
    assert.equal((await engine.memories.get(id!, gemini)).visibility, 'public');
    await memories.press('Delete');
    await memories.row('The door code').waitFor({ state: 'detached' });
    await memories.choose('Ada wants migrations');
  });

  it('deletes with a way back', async () => {
    await memories.choose('Flaky test');
    await memories.press('Delete');
    await memories.row('Flaky test').waitFor({ state: 'detached' });
    await clickOn(memories.toast('Deleted').getByRole('button', { name: 'Undo' }));
    await memories.row('Flaky test').waitFor();
  });

  it('merges two into one, with a way back', async () => {
    const draft = {
      content: 'Payments are tried five times with full jitter: one bank call in a hundred is lost.',
    };
    await engine.memories.store([{ ...draft, tags: ['duplicate'] }], gemini);
    await memories.row('Payments are tried').waitFor();
    const merge = memories.button(/Merge .Payments are tried five times/);
    // What is like it is known once it has its embedding.
    await until(async () => {
      await memories.choose('Ada wants migrations');
      await memories.choose('Payments are retried five times');
      await memories.unfold('Similar memories');
      await memories.frame.locator('.similar .similar-title, .similar .empty').first().waitFor();
      return (await merge.count()) > 0;
    });
    await clickOn(merge);
    await memories.toast('Merged').waitFor();
    await memories.row('Payments are tried').waitFor({ state: 'detached' });
    await memories.detail().locator('.facts').getByRole('button', { name: 'duplicate' }).waitFor();
    await clickOn(memories.toast('Merged').getByRole('button', { name: 'Undo' }));
    await memories.row('Payments are tried').waitFor();
    await memories
      .detail()
      .locator('.facts')
      .getByRole('button', { name: 'duplicate' })
      .waitFor({ state: 'detached' });
  });

  it('shows a timeline, a heading a day', async () => {
    await memories.frame.getByRole('tab', { name: 'Timeline' }).click();
    const days = memories.frame.locator('.virtual-heading');
    await days.first().waitFor();
    const texts = await days.allTextContents();
    assert.match(texts[0] ?? '', /^\w+day, \w+ \d+, \d{4}\d/);
    assert.ok(texts.length >= 4, texts.join('\n'));
    await shot('timeline');
    await memories.search('bank');
    await memories.status(/found/).waitFor();
    await days.first().waitFor();
    await memories.press('Clear the search');
    await memories.frame.getByRole('tab', { name: 'List' }).click();
  });

  it('lets nothing of a memory act', async () => {
    await engine.memories.store(
      HOSTILE_MEMORIES.map(content => ({ content, tags: ['hostile', '\u202etxt'] })),
      gemini,
    );
    for (const query of [
      'HOSTILE markup',
      'HOSTILE links',
      'HOSTILE controls',
      'HOSTILE nesting',
      'HOSTILE long',
    ]) {
      await memories.search(query);
      await memories.choose(query);
      await memories.unfold('History');
    }
    await memories.press('Clear the search');
    await clickOn(memories.row('HOSTILEwww').first());
    await memories.detail('HOSTILEwww').waitFor();
    const acting = memories.frame.locator(
      '.browser :is(a, img, script, iframe, style, object, embed, link, svg)',
    );
    assert.equal(await acting.count(), 0);
    await memories.search('HOSTILE markup');
    await memories.choose('HOSTILE markup', '<script>window.hacked = 1</script>');
    const hacked = await memories.detail().evaluate(() => 'hacked' in globalThis);
    assert.equal(hacked, false);
    await memories.search('HOSTILE controls');
    await memories.choose('HOSTILE controls', '\\x1b[31mred');
    const text = (await memories.frame.locator('.browser').textContent()) ?? '';
    assert.match(text, /\\u202egnp\.exe/);
    assert.doesNotMatch(text, /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
    await memories.search('HOSTILE links');
    await memories.choose('HOSTILE links', 'run');
    await memories.detail().locator('.inert-link').first().click();
    await shot('hostile');
    assert.equal(await window.page.locator('.terminal-wrapper, .dialog-box').count(), 0);
    assert.deepEqual(
      requested.filter(url => url.includes('evil.example')),
      [],
    );
    await memories.press('Clear the search');
  });

  it('scrolls through thousands, of which only those in sight are in the page', async () => {
    const facts = Array.from({ length: MANY }, (_, i) => ({ content: `Order ${i} goes to desk ${i * 7}.` }));
    for (let at = 0; at < MANY; at += 500) await engine.memories.store(facts.slice(at, at + 500), gemini);
    await memories.status(/^3,01\d memories$/).waitFor();
    await memories.frame.locator('.virtual-list').focus();
    await window.page.keyboard.press('Home');
    await window.page.keyboard.press('End');
    await memories.row('Use pnpm').waitFor();
    await memories.detail('hoisted two versions').waitFor();
    // Others store meanwhile: what was chosen while it was on its way stays chosen.
    for (let i = 0; i < 5; i++) {
      await window.page.keyboard.press('Home');
      await memories.detail(/Order \d+ goes|Somebody knows/).waitFor();
      await engine.memories.store([{ content: `Somebody knows ${i}.` }], gemini);
      await window.page.keyboard.press('End');
      await memories.detail('hoisted two versions').waitFor();
    }
    assert.ok((await memories.frame.locator('.virtual-row').count()) < 60);
    await memories.frame.locator('.virtual-list').evaluate(list => list.scrollTo(0, 1500 * 46));
    await memories
      .row(/Order \d+ goes/)
      .first()
      .waitFor();
    const drawn = await memories.frame.locator('.virtual-list').evaluate(SCROLL_THROUGH);
    assert.equal(drawn, 60, 'there are rows in every frame');
  });

  it('is what it was after the window is loaded anew', async () => {
    // Found first by its words, whether or not all have been indexed by then.
    await memories.search('order 566 desk');
    await memories.status(/the best \d+$/).waitFor();
    await memories.press('Type');
    await window.pick(/^context/);
    await window.page.keyboard.press('Enter');
    await memories.button(/Remove the filter .Type: context/).waitFor();
    await memories.choose('Order 566 goes');
    const id = await memories.row('Order 566 goes').getAttribute('data-id');
    await memories.frame.locator('.virtual-list').evaluate(list => list.scrollTo(0, 1200));
    await window.reload();
    await memories.button(/Remove the filter .Type: context/).waitFor();
    assert.equal(await memories.query(), 'order 566 desk');
    await memories.detail('Order 566 goes').waitFor();
    await until(async () => {
      const list = memories.frame.locator('.virtual-list');
      return (await list.evaluate(({ scrollTop }) => scrollTop)) === 1200;
    });
    await memories.frame.locator('.virtual-list').evaluate(list => list.scrollTo(0, 0));
    await memories.frame.locator(`.virtual-row[data-id="${id}"][aria-selected=true]`).waitFor();
    await memories.press(/Remove the filter .Type: context/);
    await memories.press('Clear the search');
  });

  it('can be used with the keyboard alone', async () => {
    await memories.search('redis streams');
    await until(async () => /We chose Redis/.test((await memories.rows().first().textContent()) ?? ''));
    await window.page.keyboard.press('ArrowDown');
    await memories.detail('lists lose work').waitFor();
    await window.page.keyboard.press('Control+f');
    const reached: string[] = [];
    for (let i = 0; i < 12; i++) {
      await window.page.keyboard.press('Tab');
      reached.push(
        await memories.frame.locator('body').evaluate(({ ownerDocument: { activeElement: focused } }) => {
          const name = focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
          return `${focused?.getAttribute('role') ?? focused?.tagName.toLowerCase()} ${name.trim()}`;
        }),
      );
    }
    for (const stop of [
      /^button Type/,
      /^tab List/,
      /^listbox Memories/,
      /^button (Open as a document|Back)/,
      /^summary History/,
    ])
      assert.ok(
        reached.some(one => stop.test(one)),
        `${stop} is not among ${reached.join(' | ')}`,
      );
    await memories.frame.locator('.chips button').first().focus();
    await window.page.keyboard.press('ArrowRight');
    const chip = await memories.frame
      .locator('body')
      .evaluate(({ ownerDocument }) => ownerDocument.activeElement?.textContent);
    assert.equal(chip, 'Agent');
    await memories.frame.locator('.virtual-list').focus();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.tab', { hasText: 'We chose Redis streams' }).waitFor();
    await window.page.locator('.tab', { hasText: 'Memories' }).click();
    await memories.detail('lists lose work').waitFor();
  });

  it('can be read by everybody, in every theme, wide and narrow', async () => {
    for (const theme of ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await window.theme(theme);
      await memories.detail('lists lose work').waitFor();
      assert.deepEqual(await seriousFaults(memories.frame), [], theme);
      await shot(`${theme} wide`);
      await window.page.setViewportSize({ width: 760, height: 800 });
      await window.page.waitForTimeout(500);
      await shot(`${theme} narrow`);
      await window.page.setViewportSize(SIZE);
    }
    await memories.press('Edit');
    assert.deepEqual(await seriousFaults(memories.frame), [], 'while editing');
    await shot('editing');
  });
});
