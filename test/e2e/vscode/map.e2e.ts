import assert from 'node:assert/strict';
import { join } from 'node:path';
import { identity } from '../../../src/adapters/node/identity.ts';
import { openEmbeddedStore } from '../../../src/adapters/sqlite/openEmbeddedStore.ts';
import type { MemoryType } from '../../../src/engine/model/memory.ts';
import type { Store } from '../../../src/engine/ports/store.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { draft } from '../../fixtures/drafts.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { silent } from '../../fixtures/logger.ts';
import { sealer } from '../../fixtures/sealer.ts';
import { until } from '../../fixtures/until.ts';
import { near, randomUnit, seeded } from '../../fixtures/vectors.ts';
import { BrowserPage } from './browserPage.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import { seriousFaults } from './seriousFaults.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const MANY = 20_000;
const SIZE = { width: 1280, height: 860 };
const DIMENSIONS = 384;
const TOPICS = ['payments', 'refunds', 'builds', 'queues', 'tests', 'databases', 'logins', 'mails', 'prices'];
const TYPES: readonly MemoryType[] = ['context', 'code', 'document', 'conversation', 'task'];
const AGENTS = ['claude-code', 'codex', 'gemini-cli', 'vscode'];
const claude = callerNamed('claude-code', NAMESPACE);
const random = seeded(11);
const CENTRES = TOPICS.map(() => randomUnit(DIMENSIONS, random));

/** Runs in the page: zooms in and out, and notes for each frame how long after the one before it began, and how long it had to do. */
const FRAME_TIMES = `async canvas => {
  const between = [], work = [];
  let frame = 0, last = 0;
  const channel = new MessageChannel();
  channel.port1.onmessage = () => work.push(performance.now() - frame);
  for (let i = 0; i < 150; i++) {
    frame = await new Promise(requestAnimationFrame);
    if (last) between.push(frame - last);
    last = frame;
    channel.port2.postMessage(null);
    const { width, height } = canvas.getBoundingClientRect();
    const at = { clientX: width / 2, clientY: height / 2, bubbles: true, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: i % 50 < 25 ? -25 : 25 }));
  }
  return { between, work };
}`;

describe('the map of memories in the real VS Code', function () {
  this.timeout(120_000);
  let store: Store;
  const session = editorSession({
    ...{ pictures: 'map ', size: SIZE },
    settings: { 'workbench.secondarySideBar.defaultVisibility': 'hidden' },
    async prepare({ own, server }) {
      const model = await configuredModel(server.memoryHome);
      store = own(
        await openEmbeddedStore({
          path: join(server.memoryHome, 'memory.db'),
          ...{ clock: { now: Date.now }, identity, sealer, logger: silent },
        }),
      );
      for (let from = 0; from < MANY; from += 1000) await remember(store, model, from, from + 1000);
    },
  });
  const { shot } = session;
  let window: Workbench;
  let memories: BrowserPage;

  const canvas = () => memories.frame.locator('.map-canvas');
  const tip = () => memories.frame.locator('.map-tip');
  const tab = (name: string) => memories.frame.getByRole('tab', { name });
  const settled = (text: string) => memories.status(new RegExp(`^${text}$`)).waitFor({ timeout: 90_000 });

  before(async () => {
    ({ window } = session);
    memories = new BrowserPage(window.page);
    await window.command('View: Toggle Primary Side Bar Visibility');
  });

  it('shows all memories at once, and then lets neighbours find each other', async () => {
    await window.command('Memory Central: Open Memory Browser');
    await tab('Map').click();
    await memories.status(/^20,000 memories · neighbours are still finding each other$/).waitFor();
    await shot('at once');
    await settled('20,000 memories');
    assert.match((await canvas().getAttribute('aria-label')) ?? '', /20,000 memories .* by type/);
    assert.equal(await memories.frame.locator('.map-legend li').count(), TYPES.length);
  });

  it('is drawn as fast as it is moved', async () => {
    const { between, work } = (await canvas().evaluate(
      `(${FRAME_TIMES})(document.querySelector('.map-canvas'))`,
    )) as {
      readonly between: readonly number[];
      readonly work: readonly number[];
    };
    console.log(
      `      ${MANY} points: ${timesText(between)} from frame to frame, ${timesText(work)} until a frame was drawn`,
    );
    assert.equal(between.length, 149);
    await memories.press('Show all (0)');
  });

  it('says what a point is, under the pointer and by keyboard, and opens it', async () => {
    await canvas().focus();
    await window.page.keyboard.press('ArrowRight');
    await tip().waitFor();
    const first = await tip().textContent();
    assert.match(first ?? '', /^Note \d+ on \w+ · \w+ · \S+$/);
    const spoken = memories.frame.locator('.map-view > .visually-hidden[role=status]');
    assert.equal(await spoken.textContent(), first);
    const box = (await tip().boundingBox())!;
    await window.page.keyboard.press('ArrowRight');
    await until(async () => ![first, null].includes(await tip().textContent()));
    // Beside its point, as far as the tip is from it.
    await window.page.mouse.move(box.x - 12, box.y - 12);
    await until(async () => (await tip().textContent()) === first);
    await window.page.keyboard.press('Enter');
    await memories.detail(/^Note \d+ on/).waitFor();
    await window.page.keyboard.press('+');
    await window.page.keyboard.press('-');
    await shot('detail');
  });

  it('lists what a person draws around, until Escape', async () => {
    const { height, width, x, y } = (await canvas().boundingBox())!;
    await window.page.keyboard.down('Shift');
    await window.page.mouse.move(x + 2, y + 2);
    await window.page.mouse.down();
    for (const [toX, toY] of [
      [x + width / 2, y + 2],
      [x + width / 2, y + height - 2],
      [x + 2, y + height - 2],
    ] as const)
      await window.page.mouse.move(toX, toY, { steps: 4 });
    await shot('lasso');
    await window.page.mouse.up();
    await window.page.keyboard.up('Shift');
    await settled('[\\d,]+ of 20,000 memories');
    const chosen = /^[\d,]+/.exec((await memories.status(/ of /).textContent()) ?? '')?.[0] ?? '';
    const count = Number(chosen.replace(',', ''));
    assert.ok(count > 500 && count < MANY - 500, chosen);
    await memories.button(new RegExp(`Remove the filter .${count} chosen in the map`)).waitFor();
    await shot('chosen');
    await tab('List').click();
    await settled(`${chosen} memories`);
    await tab('Map').click();
    await canvas().focus();
    await window.page.keyboard.press('Escape');
    await settled('20,000 memories');
  });

  it('lets what was asked for stand out', async () => {
    await clickOn(memories.frame.locator('.map-legend').getByRole('button', { name: 'code' }));
    await settled('4,004 of 20,000 memories');
    await shot('one type');
    await memories.press(/Remove the filter .Type: code/);
    await settled('20,000 memories');
    await memories.frame
      .getByLabel('Coloured by', { exact: true })
      .selectOption({ label: 'Coloured by agent' });
    assert.equal(await memories.frame.locator('.map-legend li').count(), AGENTS.length);
    assert.match((await canvas().getAttribute('aria-label')) ?? '', /by agent/);
  });

  it('finds places for new memories', async () => {
    await remember(store, await configuredModelOf(store), MANY, MANY + 3);
    await settled('20,003 memories');
  });

  it('can be read and used by everybody, in every theme, wide and narrow', async () => {
    for (const theme of ['Dark Modern', 'Light Modern', 'Dark High Contrast', 'Light High Contrast']) {
      await window.theme(theme);
      await settled('20,003 memories');
      assert.deepEqual(await seriousFaults(memories.frame), [], theme);
      await shot(theme);
    }
    await window.page.setViewportSize({ width: 480, height: 800 });
    await memories.frame
      .getByLabel('Coloured by', { exact: true })
      .selectOption({ label: 'Coloured by type' });
    await window.page.waitForTimeout(500);
    await shot('narrow');
    await window.page.setViewportSize(SIZE);
  });

  it('says why it is empty', async () => {
    await window.setMachineSettings(session.server.port, { 'memoryCentral.embedding.provider': 'off' });
    await tab('Map').click();
    await memories.frame.locator('.map-empty', { hasText: 'embeddings are switched off' }).waitFor();
    await settled('0 memories · 20,003 without embedding');
    await shot('empty');
  });
});

/** The model that a window embeds with. */
async function configuredModel(memoryHome: string): Promise<string> {
  await using engine = await openEngine(memoryHome);
  return (await engine.status()).embedding.model!;
}

async function configuredModelOf(store: Store): Promise<string> {
  return (await store.embeddings.models())[0]!.model;
}

/** Memories with vectors of their topics, as the model would have given them. */
async function remember(store: Store, model: string, from: number, to: number): Promise<void> {
  const drafts = Array.from({ length: to - from }, (_, i) => {
    const number = from + i;
    const topic = number % TOPICS.length;
    return draft(`Note ${number} on ${TOPICS[topic]}`, {
      ...{ id: `note-${number}`, namespace: NAMESPACE },
      type: TYPES[Math.floor(number / 7) % TYPES.length]!,
      agent: AGENTS[topic % AGENTS.length]!,
    });
  });
  await store.memories.insert(drafts, claude);
  const pending = await store.embeddings.pending(model, 2000);
  const vectors = pending.map(one => {
    const number = Number(one.id.slice('note-'.length));
    return { ...one, vector: near(CENTRES[number % CENTRES.length]!, 0.9, random) };
  });
  await store.embeddings.put(model, DIMENSIONS, vectors);
}

function timesText(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  return `median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`;
}
