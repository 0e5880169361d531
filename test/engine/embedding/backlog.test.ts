import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { MemoryError } from '../../../src/engine/errors.ts';
import { claude } from '../../fixtures/callers.ts';
import { type SeenRequest, startEmbeddingServer } from '../../fixtures/embeddingServer.ts';
import { never, openEngine } from '../../fixtures/engine.ts';
import { temporaryFolder } from '../../fixtures/temporaryFolder.ts';

describe('the embedding backlog', function () {
  this.timeout(30_000);

  it('goes past a text that the model refuses, whichever comes first', async () => {
    await using folder = await temporaryFolder();
    {
      await using engine = await openEngine(folder.path, { 'embedding.provider': 'off' });
      const contents = ['refuse me', ...Array.from({ length: 300 }, (_, i) => `note ${i}`), 'refuse me too'];
      await engine.memories.store(
        contents.map(content => ({ content })),
        claude,
      );
    }
    const answer = (response: ServerResponse, { body }: SeenRequest) => {
      const refused = body.input.some(text => text.startsWith('refuse me'));
      if (refused) response.writeHead(400).end();
      return refused;
    };
    await using server = await startEmbeddingServer({ dimensions: 8, answer });
    const settings = { 'embedding.model': 'picky', 'embedding.baseUrl': server.baseUrl };
    await using engine = await openEngine(folder.path, settings);
    await assert.rejects(engine.settled(never), error => MemoryError.is(error, 'unavailable'));
    for (let tries = 0; (await engine.status()).embedding.pending > 2 && tries < 200; tries++)
      await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal((await engine.status()).embedding.pending, 2);
    const answered = await engine.recall.search({ text: 'note 7', limit: 3 }, claude, never);
    assert.equal(answered.mode, 'hybrid');
  });
});
