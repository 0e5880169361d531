import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import type { Engine } from '../../../src/engine/engine.ts';
import { claude, editor } from '../../fixtures/callers.ts';
import { type SeenRequest, startEmbeddingServer } from '../../fixtures/embeddingServer.ts';
import { never, openEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

const OFF = { 'embedding.provider': 'off' };
const notes = (count: number) => Array.from({ length: count }, (_, i) => `note ${i}`);

describe('the embedding backlog', function () {
  this.timeout(60_000);

  it('goes past texts that the model refuses, wherever they are, and says how many', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, ['refuse me', ...notes(300), 'refuse me too']);
    await using server = await pickyServer();
    await using engine = await openEngine(folder.path, server.settings);
    await engine.settled(never);
    const { embedding, mode } = await engine.status();
    assert.deepEqual([mode, embedding.pending, embedding.refused], ['hybrid', 0, 2]);
    const answered = await engine.recall.search({ text: 'note 7', limit: 3 }, claude, never);
    assert.equal(answered.mode, 'hybrid');
  });

  it('is counted for each caller as far as it may see it', async () => {
    await using folder = await temporaryFolder();
    await using server = await pickyServer(text => text.startsWith('refuse'));
    await using engine = await openEngine(folder.path, server.settings);
    await store(engine, ['note']);
    await engine.memories.store(
      ['hidden', 'refuse what is hidden'].map(content => ({ content, visibility: 'private' as const })),
      editor,
    );
    await engine.settled(never);
    assert.deepEqual(await engine.embedded({}, claude), { indexed: 1, pending: 0, refused: 0 });
    assert.deepEqual(await engine.embedded({}, editor), { indexed: 2, pending: 0, refused: 1 });
    server.down = true;
    await engine.memories.store([{ content: 'later', visibility: 'private' }], editor);
    assert.deepEqual(await engine.embedded({}, claude), { indexed: 1, pending: 0, refused: 0 });
    assert.deepEqual(await engine.embedded({}, editor), { indexed: 2, pending: 1, refused: 1 });
    const there = { namespaces: ['elsewhere'] };
    assert.deepEqual(await engine.embedded(there, editor), { indexed: 0, pending: 0, refused: 0 });
  });

  it('asks for a refused text once, and again when it has changed', async () => {
    await using folder = await temporaryFolder();
    await using server = await pickyServer();
    await using engine = await openEngine(folder.path, server.settings);
    const [refused] = await store(engine, ['refuse me', 'note']);
    await engine.settled(never);
    const asked = () => server.seen.filter(({ body }) => body.input.includes('refuse me')).length;
    const before = asked();
    assert.ok(before > 0);
    await store(engine, ['another note']);
    await engine.settled(never);
    assert.equal(asked(), before);
    await engine.memories.update(refused!.memory.id, { content: 'Take me' }, claude);
    for (let tries = 0; (await engine.status()).embedding.refused > 0 && tries < 200; tries++)
      await new Promise(resolve => setTimeout(resolve, 20));
    const { pending, refused: left } = (await engine.status()).embedding;
    assert.deepEqual([pending, left], [0, 0]);
  });

  it('lets another model serve, in every engine, when nothing but refused texts is left', async () => {
    await using folder = await temporaryFolder();
    {
      await using engine = await openEngine(folder.path);
      await store(engine, ['refuse me', ...notes(40)]);
      await engine.settled(never);
    }
    await using server = await pickyServer();
    server.down = true;
    await using leader = await openEngine(folder.path, server.settings);
    await using follower = await openEngine(folder.path, server.settings);
    server.down = false;
    await store(leader, ['It is up again']);
    await leader.settled(never);
    for (const engine of [leader, follower]) {
      let question = '';
      const isAsked = () => server.seen.some(({ body }) => body.input.includes(question));
      for (let tries = 0; !isAsked() && tries < 200; tries++) {
        question = `question ${tries} of ${engine === leader}`;
        await engine.recall.search({ text: question, limit: 3 }, claude, never);
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      assert.ok(isAsked(), engine === leader ? 'the leader' : 'the follower');
    }
  });

  it('takes a model that refuses everything for broken', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, notes(5));
    await using server = await pickyServer(() => true);
    await using engine = await openEngine(folder.path, server.settings);
    await assert.rejects(engine.settled(never), /status 400/);
    const { embedding, mode } = await engine.status();
    assert.deepEqual([mode, embedding.pending, embedding.refused], ['lexical', 5, 0]);
  });
});

/** An endpoint that refuses some texts at any length, and can be down. */
async function pickyServer(refuses = (text: string) => text.startsWith('refuse me')) {
  const state = { down: false };
  const answer = (response: ServerResponse, { body }: SeenRequest) => {
    if (state.down) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (body.input.some(refuses)) response.writeHead(400).end();
    else return false;
    return true;
  };
  const server = await startEmbeddingServer({ dimensions: 8, answer });
  const settings = { 'embedding.model': 'picky', 'embedding.baseUrl': server.baseUrl };
  return Object.assign(state, {
    settings,
    seen: server.seen,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}

async function fill(path: string, contents: readonly string[]): Promise<void> {
  await using engine = await openEngine(path, OFF);
  await store(engine, contents);
}

function store(engine: Engine, contents: readonly string[]) {
  return engine.memories.store(
    contents.map(content => ({ content })),
    claude,
  );
}
