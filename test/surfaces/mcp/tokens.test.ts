import assert from 'node:assert/strict';
import { type ListedTool, listTools } from '../../../src/surfaces/mcp/toolListing.ts';
import { findTool } from '../../../src/tools/registry.ts';
import { httpMemory } from '../../fixtures/httpMemory.ts';
import { callTool, clientOf, textOf } from '../../fixtures/mcpClient.ts';

/** What a text costs a model, near enough for budgets. */
const tokens = (text: string) => text.length / 4;

const SENTENCES = [
  'The invoice service retries a failed payment three times, with a pause that doubles each time, before it asks a person.',
  'Payments are idempotent by the key that the shop sends; a repeated key returns the first answer, whatever the body says.',
  'A refund is a payment with a negative amount and a reference to the first one; the ledger never changes an entry.',
];

describe('the size of what a model reads', () => {
  it('is at most 3,500 tokens for all tools, and 1,500 for those of memories', () => {
    const size = (of: readonly ListedTool[]) =>
      tokens(of.map(tool => tool.name + tool.description + JSON.stringify(tool.inputSchema)).join(''));
    const ofMemories = listTools().filter(({ name }) => findTool(name)?.set === 'memory');
    assert.ok(ofMemories.length > 0 && size(ofMemories) <= 1500, `${size(ofMemories)} tokens of memories`);
    assert.ok(size(listTools()) <= 3500, `${size(listTools())} tokens`);
  });

  it('is at most 600 tokens for a recall of eight, as text and as data', async () => {
    await using memory = await httpMemory();
    const client = clientOf('2025-11-25');
    await client.connect(memory.transport());
    assert.ok(tokens(client.getInstructions() ?? '') <= 120);
    for (let i = 0; i < 12; i++) {
      const content = Array.from({ length: 9 }, (_, j) => `${i + j}: ${SENTENCES[(i + j) % 3]}`).join(' ');
      await callTool(client, 'store_memory', { content, tags: ['payments', 'ledger', `service-${i}`] });
    }
    const result = await client.callTool({
      name: 'semantic_search',
      arguments: { query: 'payment retries' },
    });
    const { memories } = result.structuredContent as { memories: unknown[] };
    assert.equal(memories.length, 8);
    const [text, data] = [textOf(result), JSON.stringify(result.structuredContent)].map(tokens);
    assert.ok(text! <= 600 && data! <= 600, `text ${text}, data ${data} tokens`);
    await client.close();
  });
});
