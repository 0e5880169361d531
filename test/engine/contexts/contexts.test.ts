import assert from 'node:assert/strict';
import { identity } from '../../../src/adapters/node/identity.ts';
import { createSecretlintScanner } from '../../../src/adapters/secrets/secretlintScanner.ts';
import { MemoryError } from '../../../src/engine/errors.ts';
import { Memories } from '../../../src/engine/memories/memories.ts';
import { DEFAULT_RETENTION } from '../../../src/engine/memories/retention.ts';
import type { Caller } from '../../../src/engine/model/caller.ts';
import { claude, editor, sessionOf } from '../../fixtures/callers.ts';
import { openTogether } from '../../fixtures/openTogether.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const window = sessionOf(editor);
const worker = sessionOf(claude);
const stranger = sessionOf(
  { ...claude, principal: { id: 'eve@host/gemini-cli', client: 'gemini-cli' } },
  'eve',
);

async function open() {
  const folder = await temporaryFolder();
  const clock = { ms: 1_800_000_000_000 };
  const opened = await openTogether(folder.path, { now: () => clock.ms });
  const memories = new Memories({
    store: opened.store.memories,
    secrets: createSecretlintScanner(),
    clock: { now: () => clock.ms },
    identity,
    secretPolicy: 'mask',
    retention: DEFAULT_RETENTION,
  });
  const remember = async (content: string, fields: object = {}) => {
    const [stored] = await memories.store([{ content, visibility: 'private', ...fields }], window);
    return stored!.memory;
  };
  return {
    ...{ contexts: opened.together.contexts, store: opened.store, clock, remember },
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe('contexts of the engine', () => {
  it('bring memories to those they are for, as these are now, and to nobody else', async () => {
    await using opened = await open();
    const { contexts, remember, store } = opened;
    const memory = await remember('The pager is on the shelf.');
    await contexts.share({ to: ['claude-code'], memoryIds: [memory.id], topic: 'pager' }, window);
    await store.memories.update(memory.id, { content: 'The pager is in the drawer.' }, window);
    const [received] = await contexts.received({ limit: 10 }, worker);
    assert.equal(received?.memories[0]?.content, 'The pager is in the drawer.');
    assert.deepEqual(await contexts.received({ limit: 10 }, stranger), []);
    assert.equal(await contexts.onBehalf(memory.id, 'read', stranger), undefined);
    assert.equal(await contexts.onBehalf(memory.id, 'read_write', worker), undefined);
    const eyes = await contexts.onBehalf(memory.id, 'read', worker);
    assert.equal(eyes?.onBehalfOf, editor.principal.id);
  });

  it('share what was shared before many others', async () => {
    await using opened = await open();
    const { contexts, remember } = opened;
    const [memory, other] = [await remember('First of all.'), await remember('Named by many.')];
    await contexts.share({ to: ['claude-code'], memoryIds: [memory.id] }, window);
    await contexts.share({ to: ['claude-code'], memoryIds: [other.id], permission: 'read_write' }, window);
    for (let i = 0; i < 120; i++)
      await contexts.share({ to: ['claude-code'], memoryIds: [other.id], session: `s${i}` }, window);
    assert.equal((await contexts.onBehalf(memory.id, 'read', worker))?.onBehalfOf, editor.principal.id);
    assert.equal((await contexts.onBehalf(other.id, 'read_write', worker))?.onBehalfOf, editor.principal.id);
    assert.equal(await contexts.onBehalf(memory.id, 'read_write', worker), undefined);
  });

  it('are gone at once when they are revoked or over, and only their sharer can revoke them', async () => {
    await using opened = await open();
    const { clock, contexts, remember } = opened;
    const memory = await remember('Gone soon.');
    const shared = await contexts.share({ to: ['*'], memoryIds: [memory.id] }, window);
    assert.equal((await contexts.received({ limit: 10 }, stranger)).length, 1);
    await assert.rejects(contexts.revoke(shared.id, undefined, stranger), (error: unknown) =>
      MemoryError.is(error, 'forbidden'),
    );
    await contexts.revoke(shared.id, undefined, window);
    assert.deepEqual(await contexts.received({ limit: 10 }, stranger), []);
    assert.equal(await contexts.onBehalf(memory.id, 'read', stranger), undefined);
    await contexts.share({ to: ['*'], content: 'short', expiresAt: clock.ms + 1000 }, window);
    assert.equal((await contexts.received({ limit: 10 }, stranger)).length, 1);
    clock.ms += 1001;
    assert.deepEqual(await contexts.received({ limit: 10 }, stranger), []);
  });

  it('share a whole episode of work, and nothing without a session', async () => {
    await using opened = await open();
    const { contexts, remember } = opened;
    await remember('Step one.', { session: 'login' });
    await remember('Step two.', { session: 'login' });
    const apart = await remember('Elsewhere, without a session.');
    await contexts.share({ to: ['claude-code'], session: 'login' }, window);
    await contexts.share({ to: ['claude-code'], content: 'a message' }, window);
    const received = await contexts.received({ limit: 10 }, worker);
    assert.deepEqual(
      received.map(({ memories }) => memories.map(({ content }) => content).sort()),
      [[], ['Step one.', 'Step two.']],
    );
    assert.equal(await contexts.onBehalf(apart.id, 'read', worker), undefined);
  });

  it('let change what they share to be changed, under the changer’s name', async () => {
    await using opened = await open();
    const { contexts, remember, store } = opened;
    const memory = await remember('Draft.');
    await contexts.share({ to: ['claude-code'], memoryIds: [memory.id], permission: 'read_write' }, window);
    const eyes = (await contexts.onBehalf(memory.id, 'read_write', worker))!;
    await store.memories.update(memory.id, { content: 'Final.' }, eyes);
    const [operation] = await store.operations.recent(1, {
      principal: editor.principal.id,
      client: 'vscode',
    });
    assert.equal(operation?.principal, claude.principal.id);
    await assert.rejects(store.memories.update(memory.id, { visibility: 'public' }, eyes), (error: unknown) =>
      MemoryError.is(error, 'forbidden'),
    );
  });

  it('are messages, too: read once, acknowledged, answered', async () => {
    await using opened = await open();
    const { contexts } = opened;
    const asked = await contexts.share(
      { to: ['claude-code'], content: 'Which port?', topic: 'port' },
      window,
    );
    const unread = () => contexts.received({ limit: 10, unread: true }, worker);
    assert.equal((await unread()).length, 1);
    assert.equal(await contexts.acknowledge([asked.id], worker), 1);
    assert.equal(await contexts.acknowledge([asked.id], worker), 0);
    assert.deepEqual(await unread(), []);
    await contexts.share({ to: ['vscode'], content: '9000', topic: 'port', replyTo: asked.id }, worker);
    const answers = await contexts.received({ limit: 10, topic: 'port', unread: true }, window);
    assert.ok(answers.some(({ context }) => context.replyTo === asked.id && context.content === '9000'));
  });

  it('tell only who shared them who has read them', async () => {
    await using opened = await open();
    const { contexts } = opened;
    const shared = await contexts.share({ to: ['*'], content: 'Read this.' }, window);
    for (const reader of [worker, stranger]) await contexts.acknowledge([shared.id], reader);
    const readers = async (caller: Caller, sent: boolean) => {
      const [found] = await contexts.received({ limit: 10, sent }, caller);
      return found!.context.acknowledged.map(({ by }) => by).sort();
    };
    const both = [worker, stranger].map(({ principal }) => principal.id).sort();
    assert.deepEqual(await readers(window, true), both);
    assert.deepEqual(await readers(worker, false), [worker.principal.id]);
  });

  it('are refused for what is not the sharer’s, for nobody, and for nothing', async () => {
    await using opened = await open();
    const { contexts, remember } = opened;
    const shared = await remember('Of the window.', { visibility: 'shared', sharedWith: ['claude-code'] });
    const hidden = await remember('Hidden.');
    const rejects = (
      draft: Parameters<typeof contexts.share>[0],
      code: 'forbidden' | 'not_found' | 'invalid_input',
    ) => assert.rejects(contexts.share(draft, worker), (error: unknown) => MemoryError.is(error, code));
    await rejects({ to: ['*'], memoryIds: [shared.id] }, 'forbidden');
    await rejects({ to: ['*'], memoryIds: [hidden.id] }, 'not_found');
    await rejects({ to: ['clod'], content: 'x' }, 'not_found');
    await rejects({ to: [], content: 'x' }, 'invalid_input');
    await rejects({ to: ['*'] }, 'invalid_input');
  });
});
