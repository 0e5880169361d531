import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { until } from '../../fixtures/until.ts';
import { clickOn } from './clickOn.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
/** Works on the same store, in a process of its own. */
const gemini: Caller = { ...callerNamed('gemini-cli', NAMESPACE), lasting: true };
const NAME = `Gemini CLI on ${hostname()}`;

describe('work with other agents in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    ...{ engine: true, scriptedModel: true },
    settings: { 'memoryCentral.embedding.provider': 'off' },
    prepare: async ({ engine }) => void (await engine.agents.acting(undefined, NAMESPACE, gemini)),
  });
  const { shot } = session;
  let engine: Engine;
  let window: Workbench;

  const distribute = async (title: string) => {
    // The scripted model calls one tool a conversation.
    await window.newChat();
    await window.chat(`CALL memoryCentral_distribute_task ${JSON.stringify({ title })} END`);
    await window.answer(title).filter({ hasText: 'RESULT Queued' }).waitFor();
    let id = '';
    await until(async () => {
      const [claimed] = await engine.tasks.claim({ namespace: NAMESPACE, limit: 1 }, gemini);
      id = claimed?.task.id ?? '';
      return claimed !== undefined;
    });
    return id;
  };

  before(() => {
    ({ engine, window } = session);
  });

  it('asks a person what an agent wants to know, and passes the answer on', async () => {
    const id = await distribute('Call the bank');
    await engine.tasks.ask({ id }, 'Which bank is meant?', gemini);
    await window.respond(`${NAME} asks about “Call the bank”: Which bank is meant?`, 'Answer');
    await window.input('Which bank is meant?');
    await shot('task question');
    await window.reply('Which bank is meant?', 'The one in Paris.');
    await until(async () => (await engine.tasks.get({ id }, gemini)).task.answer === 'The one in Paris.');
    await engine.tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id] }, gemini);
    await engine.tasks.fail({ id }, { reason: 'It is closed.', retryable: false }, gemini);
    await window.closeNotification('The task “Call the bank” failed for good: It is closed.');
  });

  it('shows a task as it goes on', async () => {
    const id = await distribute('Count the orders');
    await clickOn(window.statusBar());
    await window.quickPick('2 agents here').waitFor();
    await shot('status with agents');
    await window.pick('In Work: 1');
    const text = window.page.locator('.monaco-editor[data-uri^="memory-central:"] .view-lines');
    await text.getByText('[leased] Count the orders').waitFor();
    await engine.tasks.release({ id }, 'four of ten are counted', undefined, gemini);
    await text.getByText('[ready] Count the orders').waitFor();
    await shot('tasks document');
    await engine.tasks.claim({ namespace: NAMESPACE, limit: 1, ids: [id] }, gemini);
    await engine.tasks.complete({ id }, { orders: 10 }, {}, gemini);
    await window.closeNotification(`${NAME} completed “Count the orders”.`);
  });

  it('says in the status bar who is here', async () => {
    await until(async () => {
      const label = await window.statusBar().locator('a').first().getAttribute('aria-label');
      return /2 agents are here: .*Gemini CLI on .*VS Code on /.test(label ?? '');
    });
  });

  it("opens the chat with another agent's handover, to be looked at first", async () => {
    const id = await distribute('Move the invoices');
    await engine.tasks.progress({ id }, { progress: 70, note: 'only those of May are left' }, gemini);
    await window.command('Memory Central: Continue What Another Agent Was Doing…');
    await window.quickPick(NAME).waitFor();
    await shot('continue whose work');
    await window.pick(NAME);
    await window.pick('Only Read What It Was Doing');
    const input = window.page.locator('.part.auxiliarybar .interactive-input-part .view-lines');
    await input.getByText('only those of May are left').waitFor();
    await shot('continue in chat');
    assert.equal((await engine.tasks.get({ id }, gemini)).task.holder, engine.agents.idOf(gemini));
    await input.click();
    await window.page.keyboard.press('Control+A');
    await window.page.keyboard.press('Delete');
  });

  it('shows a handover to who asks @memory for it', async () => {
    await window.chat('@memory /continue gemini');
    await window.answer('only those of May are left').waitFor();
    await window.answer('Continue in Chat').waitFor();
    await shot('continue in participant');
  });

  it("hands a window's work to another agent, with a note", async () => {
    await window.command('Memory Central: Hand My Work to Another Agent…');
    await window.quickPick('when it begins to work here').first().waitFor();
    await shot('hand work');
    await window.choose('Hand My Work to Another Agent', NAME);
    await window.reply(
      `Hand My Work to ${NAME}`,
      'The tests run; the page on retries is still to be written.',
    );
    await window.closeNotification(`Left to ${NAME}.`);
    const received = await engine.contexts.received({ namespace: NAMESPACE, limit: 5 }, gemini);
    assert.match(received[0]?.context.content ?? '', /page on retries is still to be written/);
  });
});
