import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openDriver } from '../../../src/adapters/sqlite/openDriver.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { filesHolding } from '../../fixtures/filesHolding.ts';
import { until } from '../../fixtures/until.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const COMMAND = 'command:workbench.action.openGlobalKeybindings';
const PASSWORD = 'p%40ss "w0rd" $(id) ü';
/** Works on the same store, in a process of its own. */
const gemini: Caller = { ...callerNamed('gemini-cli', NAMESPACE), lasting: true };

describe('trouble in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    ...{ engine: true, pictures: 'trouble ' },
    settings: { 'memoryCentral.embedding.provider': 'off' },
    prepare: async ({ engine }) => void (await engine.agents.acting(undefined, NAMESPACE, gemini)),
  });
  let engine: Engine;
  let window: Workbench;

  const store = async (content: string) => (await engine.memories.store([{ content }], gemini))[0]!.memory.id;
  const tabs = () => window.page.locator('.part.editor .tab').allTextContents();
  const text = () => window.page.locator('.editor-group-container .monaco-editor .view-lines').first();

  before(async () => {
    ({ engine, window } = session);
    await window.openView();
  });

  it('runs no command that a memory names, however it is clicked', async () => {
    await store(`Deploys\n\n[press here](${COMMAND}) or <${COMMAND}>, see https://example.com/page`);
    await window.openRow('Memories', 'Deploys', text().getByText('press here'));
    // As coloured as Markdown is.
    await until(async () => (await text().locator('span[class*="mtk"]').count()) > 5);
    for (const part of ['press here', 'openGlobalKeybindings', 'example.com']) {
      await text().getByText(part).first().hover();
      await text()
        .getByText(part)
        .first()
        .click({ modifiers: ['ControlOrMeta'] });
    }
    await session.shot('memory with links');
    assert.deepEqual(await tabs(), ['Deploys.md']);
    assert.equal(session.browser.contexts()[0]!.pages().length, 1);
    await window.command('View: Close All Editors');
  });

  it('makes no link of what an agent asks or says', async () => {
    await window.command('Memory Central: Queue a Task');
    await window.reply('Queue a Task', 'Call the bank');
    let id = '';
    await until(async () => {
      const [claimed] = await engine.tasks.claim({ namespace: NAMESPACE, limit: 1 }, gemini);
      id = claimed?.task.id ?? '';
      return claimed !== undefined;
    });
    await engine.tasks.ask({ id }, `Which [bank](${COMMAND})?`, gemini);
    const notice = await window.told('Which [bank]');
    assert.equal(await notice.locator('.notification-list-item-message a').count(), 0);
    await window.respond('Which [bank]', 'Answer');
    await window.input('Which [bank]');
    assert.equal(await window.page.locator('.quick-input-widget:visible .quick-input-message a').count(), 0);
    await window.page.keyboard.press('Escape');
    const row = await store(`[Gone](${COMMAND}) $(trash)`);
    await window.search();
    await window.quickPick('$(trash)').waitFor();
    await window.page.keyboard.press('Escape');
    await window.rowAction('Memories', '[Gone]', 'Delete Memory');
    const deleted = await window.told('Deleted');
    assert.equal(await deleted.locator('.notification-list-item-message a').count(), 0);
    await assert.rejects(engine.memories.get(row, gemini));
  });

  it('never saves over what somebody else changed, though that is as long', async () => {
    const id = await store('The delay is 5 s.');
    await window.openRow('Memories', 'The delay is 5 s.', text().getByText('The delay is 5 s.'));
    await text().getByText('The delay is 5 s.').click();
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.press('Backspace');
    await window.page.keyboard.type('!');
    await engine.memories.update(id, { content: 'The delay is 9 s.' }, gemini);
    await window.treeItem('The delay is 9 s.').waitFor();
    await window.page.keyboard.press('Control+S');
    await window.told('Somebody else has changed this memory meanwhile.');
    await session.shot('changed meanwhile');
    assert.equal((await engine.memories.get(id, gemini)).content, 'The delay is 9 s.');
    await window.respond('Somebody else has changed', 'Retry');
    await until(async () => (await engine.memories.get(id, gemini)).content === 'The delay is 5 s!');
    await window.command('View: Close All Editors');
  });

  it('asks again with what was typed where it could not be stored', async () => {
    const lock = await openDriver(join(session.server.memoryHome, 'memory.db'));
    await until(() => {
      lock.exec('BEGIN IMMEDIATE');
      return true;
    });
    await window.command('Memory Central: Store a Memory');
    await window.reply('Store a Memory', 'Nobody charges a card twice.');
    await window.told('was locked by another process');
    const input = await window.input('Store a Memory');
    assert.equal(await input.inputValue(), 'Nobody charges a card twice.');
    lock.exec('ROLLBACK');
    lock.close();
    await input.press('Enter');
    await window.treeItem('Nobody charges a card twice.').waitFor();
    await window.closeNotification('was locked by another process');
    await window.closeNotification('Remembered');
  });

  it('keeps no answer of the wizard where it cannot keep all, and tells nobody the password', async () => {
    const machine = join(session.folder, 'editor', 'data', 'data', 'Machine');
    await mkdir(machine, { recursive: true });
    const broken = '{ "memoryCentral.redis.host": ';
    await writeFile(join(machine, 'settings.json'), broken);
    // Accepts, and says nothing.
    const silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await until(() => silent.listening);
    const { port } = silent.address() as { port: number };
    const answer = async (choice: string) => {
      await window.command('Memory Central: Connect to the Central Redis…');
      await window.pick('One Server');
      await window.reply('Central Redis: Address', `127.0.0.1:${port}`);
      await window.reply('Central Redis: User', 'ada');
      await window.reply('Central Redis: Password', PASSWORD);
      const dialog = window.page.locator('.monaco-dialog-box', { hasText: 'does not answer' });
      await clickOn(dialog.getByText(choice, { exact: true }));
      await dialog.waitFor({ state: 'detached' });
    };
    try {
      await answer('Cancel');
      await answer('Save All the Same');
      await window.told('Something went wrong');
      await session.shot('settings cannot be written');
      assert.equal(await readFile(join(machine, 'settings.json'), 'utf8'), broken);
      await window.command('Memory Central: Set the Password of Redis');
      await window.input('Set the Password of Redis');
      assert.equal(await window.quickPick('is kept').count(), 0);
      await window.page.keyboard.press('Escape');
      assert.deepEqual(await filesHolding(session.folder, PASSWORD), []);
      assert.ok(!session.server.output().includes(PASSWORD));
    } finally {
      silent.close();
      await writeFile(join(machine, 'settings.json'), '{}');
    }
  });
});
