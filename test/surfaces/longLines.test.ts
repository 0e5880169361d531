import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIMITS } from '../../src/engine/model/limits.ts';
import type { Memory } from '../../src/engine/model/memory.ts';
import { callerNamed } from '../fixtures/callers.ts';
import { cliHome } from '../fixtures/cli.ts';
import { openEngine } from '../fixtures/engine.ts';
import { httpMemory } from '../fixtures/httpMemory.ts';
import { callTool, clientOf, ERAS } from '../fixtures/mcpClient.ts';

const MEGABYTE = 1_000_000;
const LINE = 'x'.repeat(MEGABYTE);
const REFUSED = /content must have at most 100000 characters, not 1000000\. Nothing was changed\./;

interface Listed {
  readonly memories: readonly { readonly content: string }[];
}

describe('a line of a megabyte', function () {
  this.timeout(60_000);

  for (const era of ERAS)
    it(`is refused over MCP ${era} with what is wrong, alone, in a batch and as a change`, async () => {
      await using memory = await httpMemory();
      const client = clientOf(era);
      await client.connect(memory.transport());
      try {
        await assert.rejects(callTool(client, 'store_memory', { content: LINE }), REFUSED);
        const { id } = await callTool(client, 'store_memory', { content: 'Short' });
        await assert.rejects(callTool(client, 'update_memory', { memory_id: id, content: LINE }), REFUSED);
        const operations = [{ op: 'store_memory', args: { content: LINE } }];
        await assert.rejects(callTool(client, 'batch_operations', { operations, atomic: true }), REFUSED);
        const { results } = await callTool(client, 'batch_operations', { operations });
        assert.match(JSON.stringify(results), REFUSED);
        const { memories } = (await callTool(client, 'get_agent_memories', {})) as unknown as Listed;
        assert.deepEqual(
          memories.map(({ content }) => content),
          ['Short'],
        );
      } finally {
        await client.close();
      }
    });

  it('is refused on the command line, with what is wrong', async () => {
    await using cli = await cliHome();
    const { code, stderr } = await cli.run(['store', '-'], { input: LINE });
    assert.equal(code, 2);
    assert.match(stderr, /at most 100000 characters, not 1000000/);
    assert.ok(stderr.length < 1000, 'what was given is not repeated');
  });

  it('of documentation becomes memories that are the text again, each of them within the limit', async () => {
    await using cli = await cliHome();
    const docs = join(cli.home, 'docs');
    await mkdir(docs);
    // No part of it is another's.
    const line = Array.from({ length: MEGABYTE / 8 }, (_, i) => `${i}`.padStart(8, '_')).join('');
    await writeFile(join(docs, 'long.md'), `# Long\n\n${line}\n`);
    const { added, skipped } = await cli.json(['import', 'markdown', docs]);
    await using engine = await openEngine(cli.data, { 'embedding.provider': 'off' });
    const page = { limit: 50, offset: 0 };
    const { memories } = await engine.memories.list({}, page, callerNamed('cli', 'shop'));
    assert.deepEqual([added, skipped, memories.length], [11, 0, 11]);
    for (const { content } of memories) assert.ok(content.length <= LIMITS.contentChars, `${content.length}`);
    const part = ({ externalId }: Memory) => Number(/~(\d+)$/.exec(externalId!)?.[1] ?? 1);
    const parts = [...memories].sort((a, b) => part(a) - part(b)).map(({ content }) => content);
    assert.ok(parts.join('').includes(line));
  });
});
