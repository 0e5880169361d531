import assert from 'node:assert/strict';
import type { Engine } from '../../../src/engine/engine.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { callToolsOn } from '../../../src/tools/callTool.ts';
import { callerNamed } from '../../fixtures/callers.ts';
import { openEngine } from '../../fixtures/engine.ts';
import { editorSession } from './editorSession.ts';
import type { Workbench } from './workbench.ts';

const NAMESPACE = 'github.com/example/orders';
const REVIEW = 'Review';
/** Another agent on the same store, in a process of its own. */
const gemini: Caller = callerNamed('gemini-cli', NAMESPACE);

describe('the gate of memory review in the real VS Code', function () {
  this.timeout(120_000);
  const session = editorSession({
    scriptedModel: true,
  });
  const { shot } = session;
  let others: Engine;
  let window: Workbench;

  /** Lets the model of the window call a tool. @returns what the model was told, once it holds this */
  const model = async (tool: string, input: object, told: string | RegExp): Promise<string> => {
    // The scripted model calls one tool a conversation.
    await window.newChat();
    await window.chat(`CALL memoryCentral_${tool} ${JSON.stringify(input)} END`);
    const answer = window.answer('RESULT').filter({ hasText: told });
    await answer.waitFor();
    return (await answer.textContent()) ?? '';
  };
  const recalls = async (query: string) =>
    (await callToolsOn(async () => others)('semantic_search', { query }, gemini)).text;

  before(async () => {
    ({ window } = session);
    await window.setMachineSettings(session.server.port, {
      'memoryCentral.embedding.provider': 'off',
      'memoryCentral.review.gate': 'hold',
    });
    others = session.own(
      await openEngine(session.server.memoryHome, { 'embedding.provider': 'off', 'review.gate': 'hold' }),
    );
    await window.openView();
    for (const view of ['Agents', 'Tasks', 'Memories']) await window.toggleView(view);
    await window.toggleView(REVIEW);
  });

  it('holds back what a model stores through the chat, until a person accepts it', async () => {
    await model('store_memory', { content: 'The vault is opened at nine' }, 'Stored');
    assert.doesNotMatch(await recalls('when is the vault opened'), /vault/);
    await window.rowOf(REVIEW, 'The vault is opened at nine').waitFor();
    await shot('review gate');
    await window.rowAction(REVIEW, 'The vault is opened at nine', 'Accept');
    await window.rowOf(REVIEW, 'The vault is opened at nine').waitFor({ state: 'detached' });
    assert.match(await recalls('when is the vault opened'), /The vault is opened at nine/);
  });

  it("holds back what another agent stores from the window's model, and shows it to the person", async () => {
    await others.memories.store([{ content: 'The lorry leaves from gate four' }], gemini);
    await window.rowOf(REVIEW, 'The lorry leaves').waitFor();
    const query = { query: 'from which gate does the lorry leave' };
    assert.doesNotMatch(await model('semantic_search', query, /RESULT/), /gate four/);
    await window.rowAction(REVIEW, 'The lorry leaves', 'Accept');
    await window.rowOf(REVIEW, 'The lorry leaves').waitFor({ state: 'detached' });
    await model('semantic_search', query, 'The lorry leaves from gate four');
  });

  it('says what nobody has looked at, where the gate only marks it', async () => {
    await window.setMachineSettings(session.server.port, {
      'memoryCentral.embedding.provider': 'off',
      'memoryCentral.review.gate': 'mark',
    });
    await others.memories.store([{ content: 'The bakery delivers on Sundays' }], gemini);
    await window.rowOf(REVIEW, 'The bakery delivers').waitFor();
    const query = { query: 'when does the bakery deliver' };
    assert.match(await model('semantic_search', query, 'The bakery delivers'), /\[unreviewed\]/);
    await window.rowAction(REVIEW, 'The bakery delivers', 'Accept');
    await window.rowOf(REVIEW, 'The bakery delivers').waitFor({ state: 'detached' });
    assert.doesNotMatch(await model('semantic_search', query, 'The bakery delivers'), /unreviewed/);
  });
});
